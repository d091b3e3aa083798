package io.flotilla.cli;

import io.flotilla.cli.failure.CommandFailed;
import io.flotilla.cli.failure.ExitCode;
import io.flotilla.cli.failure.Failure;
import io.flotilla.client.Admin;
import io.flotilla.client.BrokerDescription;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/** Waits until a broker that drains leads nothing any more, and tells on stderr how it goes on. */
final class DrainWait {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

    private final Admin admin;
    private final PrintStream err;

    DrainWait(Admin admin, PrintStream err) {
        this.admin = admin;
        this.err = err;
    }

    /**
     * The broker once it leads nothing.
     *
     * @throws CommandFailed if it still leads partitions after that time, or has left the cluster meanwhile
     */
    BrokerDescription until(BrokerDescription begun, Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        BrokerDescription now = begun;
        int told = -1;
        while (now.leaderCount() > 0) {
            if (now.leaderCount() != told) {
                told = now.leaderCount();
                err.print("broker " + now.brokerId() + ": leads " + told + " partitions\n");
                err.flush();
            }
            long leftNanos = deadlineNanos - System.nanoTime();
            if (leftNanos <= 0) {
                throw notInTime(now, atMost);
            }
            pause(Math.min(leftNanos, LOOK_INTERVAL.toNanos()));
            now = look(now.brokerId());
        }
        return now;
    }

    private BrokerDescription look(int brokerId) {
        Optional<BrokerDescription> found = admin.describeCluster().brokers().stream()
                .filter(broker -> broker.brokerId() == brokerId)
                .findFirst();
        return found.orElseThrow(() -> new CommandFailed(new Failure(
                "cannot drain broker " + brokerId,
                "it has left the cluster meanwhile",
                "`flotilla broker list` shows the brokers",
                ExitCode.NOT_FOUND)));
    }

    private static void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for a broker, which goes on draining");
        }
    }

    private static CommandFailed notInTime(BrokerDescription now, Duration atMost) {
        return new CommandFailed(new Failure(
                "could not drain broker " + now.brokerId() + " within " + atMost.toMillis() + " ms",
                "it still leads " + now.leaderCount() + " partitions and goes on draining",
                "`flotilla broker show " + now.brokerId()
                        + "` lists them; one whose other replicas are away or behind, or that has none, stays there",
                ExitCode.TIMEOUT));
    }
}

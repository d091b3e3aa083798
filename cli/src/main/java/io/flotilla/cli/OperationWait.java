package io.flotilla.cli;

import io.flotilla.cli.failure.CommandFailed;
import io.flotilla.cli.failure.ExitCode;
import io.flotilla.cli.failure.Failure;
import io.flotilla.client.Admin;
import io.flotilla.client.OperationDescription;
import io.flotilla.client.OperationState;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * Waits until an operation has ended and tells on stderr how it goes on. The operation does not depend on it: whoever
 * stops waiting stops nothing.
 */
final class OperationWait {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

    private final Admin admin;
    private final PrintStream err;
    private final String task;
    private String told = "";

    /**
     * @param task completes the sentence "cannot …"
     */
    OperationWait(Admin admin, PrintStream err, String task) {
        this.admin = admin;
        this.err = err;
        this.task = task;
    }

    /**
     * The operation once it is done.
     *
     * @throws CommandFailed if it ended otherwise, or has not ended in time
     */
    OperationDescription until(OperationDescription begun, Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        int total = Math.max(begun.partitionsAtStart(), begun.partitionsRemaining());
        OperationDescription now = begun;
        while (now.isRunning()) {
            total = Math.max(total, now.partitionsRemaining());
            tell("operation " + now.id() + ": " + now.partitionsRemaining() + " of " + total + " partitions remain");
            long leftNanos = deadlineNanos - System.nanoTime();
            if (leftNanos <= 0) {
                throw notInTime(now, total, atMost);
            }
            pause(Math.min(leftNanos, LOOK_INTERVAL.toNanos()));
            now = admin.operation(now.id());
        }
        if (now.state() != OperationState.DONE) {
            throw notDone(now);
        }
        tell("operation " + now.id() + ": done");
        return now;
    }

    private void tell(String progress) {
        if (!progress.equals(told)) {
            told = progress;
            err.print(progress + "\n");
            err.flush();
        }
    }

    private static void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for an operation, which goes on");
        }
    }

    private CommandFailed notInTime(OperationDescription now, int total, Duration atMost) {
        return new CommandFailed(new Failure(
                "could not " + task + " within " + atMost.toMillis() + " ms",
                now.partitionsRemaining() + " of " + total + " partitions remain; operation " + now.id() + " goes on",
                "`flotilla operation show " + now.id() + "` for how it stands, `flotilla operation cancel " + now.id()
                        + "` to end it",
                ExitCode.TIMEOUT));
    }

    private CommandFailed notDone(OperationDescription now) {
        String message = now.message().isEmpty() ? "" : ": " + now.message();
        return new CommandFailed(new Failure(
                "cannot " + task,
                "operation " + now.id() + " ended as " + OperationKinds.state(now) + message,
                "`flotilla operation show " + now.id() + "`",
                ExitCode.FAILED));
    }
}

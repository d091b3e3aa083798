package io.flotilla.broker.ports;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds ports that servers can bind, and bind again after a restart.
 *
 * <p>They are taken from below the range out of which the kernel gives ports to outgoing connections: while a broker is
 * down, one of the many clients and peers that try to reach it would sooner or later be given the broker's own port. For
 * the same reason no other process that starts clusters may take it: each has a block of ports of its own, and listens on
 * the first one of them, its guard, as long as it lives. A process that finds every block guarded shares the ports of all.
 *
 * <p>Threading: safe for all threads.
 */
public final class FreePorts {
    private static final Logger LOG = LoggerFactory.getLogger(FreePorts.class);
    private static final FreePorts OF_PROCESS = new FreePorts(15_000, 500, 34);

    private final int lowest;
    private final int blockPorts;
    private final int blocks;

    @GuardedBy("this")
    private @Nullable ServerSocket guard;

    /** Counts on from one call to the next, so that ports come round again as late as possible. */
    @GuardedBy("this")
    private int next = -1;

    /**
     * @param lowest     the first block's guard
     * @param blockPorts of each block, its guard included; 2 or more
     * @param blocks     how many there are
     */
    FreePorts(int lowest, int blockPorts, int blocks) {
        this.lowest = lowest;
        this.blockPorts = blockPorts;
        this.blocks = blocks;
    }

    /** Those of this process: what starts clusters in one JVM or from it finds its ports here, so that none is given twice. */
    public static FreePorts ofProcess() {
        return OF_PROCESS;
    }

    /**
     * Finds different ports that were free a moment ago.
     *
     * @param taken not to be found although nobody may be listening on them now
     * @throws IOException if there are not so many
     */
    public synchronized List<Integer> find(int count, Set<Integer> taken) throws IOException {
        Range range = range();
        List<ServerSocket> held = new ArrayList<>(); // distinct because they are held open together
        try {
            // First those on which nobody listens at another address either, and to which no old connection belongs.
            for (boolean reuse : new boolean[] {false, true}) {
                for (int tries = 0; tries < range.count && held.size() < count; tries++) {
                    next = (next + 1) % range.count;
                    int port = range.first + next;
                    if (!taken.contains(port)) {
                        listen(port, reuse).ifPresent(held::add);
                    }
                }
            }
            if (held.size() < count) {
                throw new IOException("found only " + held.size() + " of " + count + " free ports in [" + range.first
                        + ", "
                        + (range.first + range.count) + "); end the processes that use them, or choose ports yourself"
                        + " (firstGrpcPort of EmbeddedSettings)");
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    /** Ports from the first on. */
    private record Range(int first, int count) {}

    /** The block behind the guard; all blocks if none is to be had. */
    @GuardedBy("this")
    private Range range() throws IOException {
        if (guard == null) {
            int start = ThreadLocalRandom.current().nextInt(blocks);
            for (int number = 0; number < blocks && guard == null; number++) {
                guard = listen(lowest + (start + number) % blocks * blockPorts, true)
                        .orElse(null);
            }
            if (guard == null) {
                Range all = new Range(lowest, blocks * blockPorts);
                LOG.warn(
                        "every {}th port from {} on is taken, no block is left for this process; its clusters share ports"
                                + " with those of others, and may find them in use: start fewer at a time, or choose ports"
                                + " yourself (firstGrpcPort of EmbeddedSettings)",
                        blockPorts,
                        lowest);
                next = ThreadLocalRandom.current().nextInt(all.count);
                return all;
            }
            next = -1;
        }
        return new Range(guard.getLocalPort() + 1, blockPorts - 1);
    }

    /** Gives the block free. Nobody needs to: the end of the process does. */
    synchronized void close() throws IOException {
        if (guard != null) {
            guard.close();
            guard = null;
        }
    }

    private static Optional<ServerSocket> listen(int port, boolean reuse) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(reuse);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return Optional.of(socket);
        } catch (IOException taken) {
            socket.close();
            return Optional.empty();
        }
    }
}

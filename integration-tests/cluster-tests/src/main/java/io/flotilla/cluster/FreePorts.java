package io.flotilla.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports that servers can bind, and bind again after a restart.
 *
 * <p>They are taken from below the range out of which the kernel gives ports to outgoing connections: while a broker is
 * down, one of the many clients and peers that try to reach it would sooner or later be given the broker's own port. For
 * the same reason no other process that starts clusters may take it: each has a block of ports of its own, and holds the
 * first one of them as long as it lives.
 *
 * <p>Threading: safe for all threads.
 */
final class FreePorts {
    private static final int LOWEST = 15_000;
    private static final int BLOCK = 500;
    private static final int BLOCKS = 34;

    @GuardedBy("FreePorts.class")
    private static Optional<ServerSocket> guard = Optional.empty();

    /** Of those behind the guard; ports come round again as late as possible. */
    @GuardedBy("FreePorts.class")
    private static int next;

    private FreePorts() {}

    /**
     * Finds {@code count} different ports that were free a moment ago.
     *
     * @throws IllegalStateException if so many cannot be found
     */
    static synchronized List<Integer> find(int count) {
        int first = block().getLocalPort() + 1;
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int attempt = 1; attempt < BLOCK && held.size() < count; attempt++) {
                hold(first + next).ifPresent(held::add);
                next = (next + 1) % (BLOCK - 1);
            }
            if (held.size() < count) {
                throw new IllegalStateException("found only " + held.size() + " of " + count + " free ports in ["
                        + first + ", " + (first + BLOCK - 1) + "); end the processes that use them");
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            held.forEach(FreePorts::release);
        }
    }

    @GuardedBy("FreePorts.class")
    private static ServerSocket block() {
        if (guard.isEmpty()) {
            int start = ThreadLocalRandom.current().nextInt(BLOCKS);
            for (int number = 0; number < BLOCKS && guard.isEmpty(); number++) {
                guard = hold(LOWEST + (start + number) % BLOCKS * BLOCK);
            }
        }
        return guard.orElseThrow(() -> new IllegalStateException(
                "every " + BLOCK + "th port from " + LOWEST + " on is taken: too many processes start clusters"));
    }

    private static Optional<ServerSocket> hold(int port) {
        ServerSocket socket = null;
        try {
            socket = new ServerSocket();
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return Optional.of(socket);
        } catch (IOException taken) {
            if (socket != null) {
                release(socket);
            }
            return Optional.empty();
        }
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot give back port " + socket.getLocalPort(), failure);
        }
    }
}

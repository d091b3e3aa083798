package io.flotilla.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports that servers can bind, and bind again after a restart.
 *
 * <p>They are taken from below the range out of which the kernel gives ports to outgoing connections: while a broker is
 * down, one of the many clients and peers that try to reach it would sooner or later be given the broker's own port.
 */
final class FreePorts {
    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS_MAX = 1_000;

    private FreePorts() {}

    /**
     * Finds {@code count} different ports that were free a moment ago.
     *
     * @throws IllegalStateException if so many cannot be found
     */
    static List<Integer> find(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int attempt = 0; attempt < ATTEMPTS_MAX && held.size() < count; attempt++) {
                tryToHold(ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST), held);
            }
            if (held.size() < count) {
                throw new IllegalStateException("found only " + held.size() + " of " + count + " free ports in ["
                        + LOWEST + ", " + HIGHEST + ") after " + ATTEMPTS_MAX + " attempts");
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            held.forEach(FreePorts::release);
        }
    }

    private static void tryToHold(int port, List<ServerSocket> held) {
        ServerSocket socket = null;
        try {
            socket = new ServerSocket();
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            held.add(socket);
        } catch (IOException taken) {
            if (socket != null) {
                release(socket);
            }
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

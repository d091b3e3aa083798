package io.flotilla.broker.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ports of an embedded cluster. Free ones are chosen once and kept in the data folder, because the addresses of
 * voters are part of the data; those for HTTP are not, and are chosen at each start.
 */
final class EmbeddedPorts {
    private static final String FILE = "ports";
    private static final int PORTS_PER_BROKER = 2;
    private static final int DISTANCE = 10;

    /**
     * Free ports are sought below those that the system gives to outgoing connections, so that a broker which restarts
     * finds its ports still free.
     */
    private static final int FREE_MIN = 15_000;

    private static final int FREE_MAX = 32_000;
    private static final int TRIES_MAX = 10_000;

    private final List<Integer> ports;
    private final List<Integer> httpPorts;

    private EmbeddedPorts(List<Integer> ports, List<Integer> httpPorts) {
        this.ports = ports;
        this.httpPorts = httpPorts;
    }

    static EmbeddedPorts of(EmbeddedSettings settings) throws IOException {
        return settings.firstGrpcPort() > 0 ? derived(settings) : remembered(settings);
    }

    private static EmbeddedPorts derived(EmbeddedSettings settings) {
        List<Integer> ports = new ArrayList<>();
        List<Integer> httpPorts = new ArrayList<>();
        for (int index = 0; index < settings.brokers(); index++) {
            int grpc = settings.firstGrpcPort() + DISTANCE * index;
            ports.add(grpc);
            ports.add(grpc + 1);
            httpPorts.add(grpc + 2);
        }
        return new EmbeddedPorts(ports, httpPorts);
    }

    private static EmbeddedPorts remembered(EmbeddedSettings settings) throws IOException {
        Path file = settings.dataDirectory().resolve(FILE);
        List<Integer> ports = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                ports.add(Integer.parseInt(line));
            }
        }
        int missing = Math.max(0, PORTS_PER_BROKER * settings.brokers() - ports.size());
        List<Integer> free = free(missing + settings.brokers()); // together, so that they differ
        if (missing > 0) {
            ports.addAll(free.subList(0, missing));
            Files.write(file, ports.stream().map(String::valueOf).toList(), StandardCharsets.UTF_8);
        }
        return new EmbeddedPorts(ports, free.subList(missing, free.size()));
    }

    /** Distinct because they are held open together. */
    private static List<Integer> free(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int index = 0; index < count; index++) {
                held.add(anyFree());
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private static ServerSocket anyFree() throws IOException {
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FREE_MIN, FREE_MAX);
            ServerSocket socket = new ServerSocket();
            try {
                socket.setReuseAddress(false); // else a port would be taken that others listen on at another address
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
                return socket;
            } catch (BindException taken) {
                socket.close();
            }
        }
        throw new IOException("no port between " + FREE_MIN + " and " + FREE_MAX + " is free; stop what uses them");
    }

    /** The broker that listens for clients or other brokers on a port; empty if none does. */
    OptionalInt brokerAt(int port) {
        int index = ports.indexOf(port);
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index / PORTS_PER_BROKER + 1);
    }

    /** @param nodeId 1 or more */
    int grpc(int nodeId) {
        return ports.get(PORTS_PER_BROKER * (nodeId - 1));
    }

    /** @param nodeId 1 or more */
    int internal(int nodeId) {
        return ports.get(PORTS_PER_BROKER * (nodeId - 1) + 1);
    }

    /** @param nodeId 1 or more */
    int http(int nodeId) {
        return httpPorts.get(nodeId - 1);
    }
}

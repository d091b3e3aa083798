package io.flotilla.broker.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports of an embedded cluster. Free ones are chosen once and kept in the data folder, because the addresses of
 * voters are part of the data.
 */
final class EmbeddedPorts {
    private static final String FILE = "ports";
    private static final int PORTS_PER_BROKER = 2;
    private static final int DISTANCE = 10;

    private final List<Integer> ports;

    private EmbeddedPorts(List<Integer> ports) {
        this.ports = ports;
    }

    static EmbeddedPorts of(EmbeddedSettings settings) throws IOException {
        return settings.firstGrpcPort() > 0 ? derived(settings) : remembered(settings);
    }

    private static EmbeddedPorts derived(EmbeddedSettings settings) {
        List<Integer> ports = new ArrayList<>();
        for (int index = 0; index < settings.brokers(); index++) {
            int grpc = settings.firstGrpcPort() + DISTANCE * index;
            ports.add(grpc);
            ports.add(grpc + 1);
        }
        return new EmbeddedPorts(ports);
    }

    private static EmbeddedPorts remembered(EmbeddedSettings settings) throws IOException {
        Path file = settings.dataDirectory().resolve(FILE);
        List<Integer> ports = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                ports.add(Integer.parseInt(line));
            }
        }
        int missing = PORTS_PER_BROKER * settings.brokers() - ports.size();
        if (missing > 0) {
            ports.addAll(free(missing));
            Files.write(file, ports.stream().map(String::valueOf).toList(), StandardCharsets.UTF_8);
        }
        return new EmbeddedPorts(ports);
    }

    /** Distinct because they are held open together. */
    private static List<Integer> free(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int index = 0; index < count; index++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    /** @param nodeId 1 or more */
    int grpc(int nodeId) {
        return ports.get(PORTS_PER_BROKER * (nodeId - 1));
    }

    /** @param nodeId 1 or more */
    int internal(int nodeId) {
        return ports.get(PORTS_PER_BROKER * (nodeId - 1) + 1);
    }
}

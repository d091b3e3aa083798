package io.flotilla.broker.embedded;

import io.flotilla.broker.ports.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The ports of an embedded cluster. Free ones are chosen once and kept in the data folder, because the addresses of
 * voters are part of the data; those for HTTP are not, and are chosen at each start ({@link FreePorts}).
 */
final class EmbeddedPorts {
    private static final String FILE = "ports";
    private static final int PORTS_PER_BROKER = 2;
    private static final int DISTANCE = 10;

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
        List<Integer> free = FreePorts.ofProcess() // together, so that they differ
                .find(missing + settings.brokers(), Set.copyOf(ports));
        if (missing > 0) {
            ports.addAll(free.subList(0, missing));
            Files.write(file, ports.stream().map(String::valueOf).toList(), StandardCharsets.UTF_8);
        }
        return new EmbeddedPorts(ports, free.subList(missing, free.size()));
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

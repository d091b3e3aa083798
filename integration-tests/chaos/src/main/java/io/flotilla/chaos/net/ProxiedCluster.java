package io.flotilla.chaos.net;

import io.flotilla.cluster.ProcessCluster;
import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Puts proxies in front of the brokers of a cluster that is prepared and not yet started. */
public final class ProxiedCluster {
    private static final String LISTENERS = "listeners";
    private static final String ADVERTISED = "advertised.listeners";
    private static final String SEEDS = "cluster.seeds";

    private ProxiedCluster() {}

    /**
     * Opens proxies for all brokers and has their configuration files advertise them. The caller closes the proxies,
     * after the cluster.
     *
     * @param cluster {@linkplain ProcessCluster#prepare prepared}; no broker of it has ever run
     */
    public static LinkProxies front(ProcessCluster cluster) throws IOException {
        LinkProxies proxies = LinkProxies.open(cluster.brokerIds());
        try {
            for (int node : cluster.brokerIds()) {
                rewrite(cluster.configFile(node), node, proxies);
            }
        } catch (IOException | RuntimeException failure) {
            proxies.close();
            throw failure;
        }
        proxies.sources(() -> runningPids(cluster));
        return proxies;
    }

    /** {@code host:port} of every broker's proxy, separated by commas: what a client needs to connect. */
    public static String bootstrap(LinkProxies proxies) {
        return proxies.nodes().stream()
                .map(node -> proxies.address(node, Listener.GRPC))
                .collect(Collectors.joining(","));
    }

    private static Map<Integer, Long> runningPids(ProcessCluster cluster) {
        Map<Integer, Long> pids = new TreeMap<>();
        cluster.runningIds().forEach(node -> pids.put(node, cluster.pid(node)));
        return pids;
    }

    private static void rewrite(Path configFile, int node, LinkProxies proxies) throws IOException {
        Properties settings = new Properties();
        try (Reader reader = Files.newBufferedReader(configFile)) {
            settings.load(reader);
        }
        Map<String, String> real = addresses(settings.getProperty(LISTENERS, ""));
        List<String> advertised = new ArrayList<>();
        for (Listener which : Listener.values()) {
            proxies.target(node, which, socketAddress(real.getOrDefault(which.name(), "")));
            advertised.add(which + "://" + proxies.address(node, which));
        }
        String seeds = Arrays.stream(settings.getProperty(SEEDS, "").split(","))
                .map(seed -> seed.substring(0, seed.indexOf('@')))
                .map(id -> id + "@" + proxies.address(Integer.parseInt(id), Listener.GRPC))
                .collect(Collectors.joining(","));
        List<String> lines = new ArrayList<>(Files.readAllLines(configFile, StandardCharsets.UTF_8));
        lines.removeIf(line -> line.startsWith(SEEDS + "=") || line.startsWith(ADVERTISED + "="));
        lines.add(SEEDS + "=" + seeds);
        lines.add(ADVERTISED + "=" + String.join(",", advertised));
        Files.write(configFile, lines, StandardCharsets.UTF_8);
    }

    private static Map<String, String> addresses(String listeners) {
        return Arrays.stream(listeners.split(","))
                .map(listener -> listener.split("://", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[parts.length - 1]));
    }

    private static InetSocketAddress socketAddress(String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("a broker listens at '" + address + "', which is no host:port");
        }
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }
}

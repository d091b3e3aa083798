package io.flotilla.benchmarks;

import io.flotilla.cluster.ProcessCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * TCP segments with data that the brokers of a cluster have sent each other since their connections were made, as
 * {@code ss} of iproute2 tells. On loopback a segment holds up to 64 KiB, so a small frame that is flushed alone is one.
 */
final class BrokerSegments {
    private static final Pattern SOCKET =
            Pattern.compile("(?<local>\\S+:\\d+)\\s+(?<peer>\\S+:\\d+)\\s.*?pid=(?<pid>\\d+)");

    private static final Pattern SENT = Pattern.compile("\\bdata_segs_out:(\\d+)");

    private record Connection(String local, String peer, long pid, long segments) {}

    private BrokerSegments() {}

    /**
     * @return the sum over all connections whose ends are two different brokers, both ways
     * @throws IOException if there is no {@code ss}, or it fails
     */
    static long between(ProcessCluster cluster) throws IOException {
        List<Long> brokers = cluster.brokerIds().stream().map(cluster::pid).toList();
        return between(brokers, output("ss", "-tinpOH", "state", "established"));
    }

    static long between(List<Long> brokers, List<String> lines) {
        List<Connection> connections = new ArrayList<>();
        Map<String, Long> owners = new HashMap<>();
        for (String line : lines) {
            Matcher socket = SOCKET.matcher(line);
            if (!socket.find() || !brokers.contains(Long.valueOf(socket.group("pid")))) {
                continue;
            }
            Matcher sent = SENT.matcher(line);
            long segments = sent.find() ? Long.parseLong(sent.group(1)) : 0;
            long pid = Long.parseLong(socket.group("pid"));
            connections.add(new Connection(plain(socket.group("local")), plain(socket.group("peer")), pid, segments));
            owners.put(plain(socket.group("local")), pid);
        }
        return connections.stream()
                .filter(connection -> owners.getOrDefault(connection.peer(), connection.pid()) != connection.pid())
                .mapToLong(Connection::segments)
                .sum();
    }

    /** An IPv4 address looks the same whether its socket is one of IPv6 or not. */
    private static String plain(String endpoint) {
        return endpoint.replace("[::ffff:", "").replace("]", "");
    }

    private static List<String> output(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException(String.join(" ", command) + " ended with " + code);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return lines;
    }
}

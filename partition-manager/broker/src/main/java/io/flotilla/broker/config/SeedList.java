package io.flotilla.broker.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The brokers that form the cluster and hold its metadata, the same list on every broker.
 *
 * @param seeds 1, 3 or 5 of them, in the order of their node ids
 */
public record SeedList(List<Seed> seeds) {
    private static final Set<Integer> SIZES = Set.of(1, 3, 5);

    /** One seed and where its gRPC listener is reached by the other brokers. */
    public record Seed(int nodeId, HostPort grpc) {
        @Override
        public String toString() {
            return nodeId + "@" + grpc;
        }
    }

    public SeedList {
        if (!SIZES.contains(seeds.size())) {
            throw new IllegalArgumentException(
                    "it names " + seeds.size() + " brokers; name 1, 3 or 5, so that a majority is well defined");
        }
        Set<Object> seen = new HashSet<>();
        for (Seed seed : seeds) {
            if (!seen.add(seed.nodeId()) || !seen.add(seed.grpc())) {
                throw new IllegalArgumentException("'" + seed + "' repeats a node id or an address");
            }
        }
        seeds = seeds.stream().sorted(Comparator.comparingInt(Seed::nodeId)).toList();
    }

    /**
     * @param text {@code 1@host:9094,2@host:9094,3@host:9094} in any order
     * @throws IllegalArgumentException saying what is wrong with {@code text}
     */
    public static SeedList parse(String text) {
        List<Seed> seeds = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String seed = part.strip();
            int at = seed.indexOf('@');
            if (at < 1) {
                throw new IllegalArgumentException("'" + seed + "' is not of the form <node id>@host:port");
            }
            seeds.add(new Seed(nodeId(seed, seed.substring(0, at)), HostPort.parse(seed.substring(at + 1))));
        }
        return new SeedList(seeds);
    }

    private static int nodeId(String seed, String nodeId) {
        try {
            return Integer.parseUnsignedInt(nodeId);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("'" + seed + "' does not begin with a node id", notANumber);
        }
    }

    public Optional<Seed> find(int nodeId) {
        return seeds.stream().filter(seed -> seed.nodeId() == nodeId).findFirst();
    }

    /** The one text all brokers with this list agree on. */
    @Override
    public String toString() {
        return seeds.stream().map(Seed::toString).collect(Collectors.joining(","));
    }
}

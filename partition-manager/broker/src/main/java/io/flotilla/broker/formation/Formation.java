package io.flotilla.broker.formation;

import io.flotilla.broker.config.SeedList;
import io.flotilla.broker.config.SeedList.Seed;
import io.flotilla.broker.formation.Decision.Belong;
import io.flotilla.broker.formation.Decision.Blocked;
import io.flotilla.broker.formation.Decision.Wait;
import io.flotilla.broker.identity.Membership;
import io.flotilla.raftlog.raft.Peer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The rules by which an empty broker forms a cluster or joins one. Pure: the same answers give the same decision. */
final class Formation {
    private static final int CLUSTER_ID_BYTES = 16;

    private Formation() {}

    /**
     * @param selfNodeId node id of the broker that decides; it belongs to no cluster
     * @param seeds      its configured seeds
     * @param answers    what seeds answered, by the node id the seed list gives them; its own among them if it is one
     */
    static Decision decide(int selfNodeId, SeedList seeds, Map<Integer, SeedAnswer> answers) {
        Map<Integer, SeedAnswer> bySeed = new TreeMap<>(answers);
        for (Map.Entry<Integer, SeedAnswer> answer : bySeed.entrySet()) {
            int answeredAs = answer.getValue().self().id().nodeId();
            if (answeredAs != answer.getKey()) {
                return new Blocked("seed "
                        + seeds.find(answer.getKey()).map(Seed::toString).orElse("?") + " answers as node " + answeredAs
                        + "; correct cluster.seeds or that broker's node.id");
            }
        }
        Map<String, Membership> clusters = new TreeMap<>();
        bySeed.values().stream()
                .flatMap(answer -> answer.membership().stream())
                .forEach(membership -> clusters.putIfAbsent(membership.clusterId(), membership));
        return clusters.isEmpty()
                ? decideAmongEmpty(selfNodeId, seeds, bySeed)
                : decideAmong(List.copyOf(clusters.values()), bySeed);
    }

    /** Which seed belongs to another cluster than the one given, if one does. */
    static Optional<String> foreignTo(Membership own, Map<Integer, SeedAnswer> answers) {
        return new TreeMap<>(answers)
                .entrySet().stream()
                        .flatMap(answer -> answer.getValue().membership().stream()
                                .map(Membership::clusterId)
                                .filter(clusterId -> !clusterId.equals(own.clusterId()))
                                .map(clusterId -> "seed " + answer.getKey() + " belongs to cluster " + clusterId))
                        .findFirst();
    }

    /** Some seed belongs to a cluster, so none may be formed: the list of its voters says whether we are one. */
    private static Decision decideAmong(List<Membership> clusters, Map<Integer, SeedAnswer> answers) {
        if (clusters.size() == 1) {
            return new Belong(clusters.get(0), false);
        }
        String found = answers.entrySet().stream()
                .filter(answer -> answer.getValue().membership().isPresent())
                .map(answer -> "node " + answer.getKey() + " in "
                        + answer.getValue()
                                .membership()
                                .map(Membership::clusterId)
                                .orElseThrow())
                .collect(Collectors.joining(", "));
        return new Blocked("the seeds belong to different clusters: " + found
                + "; correct cluster.seeds, or empty the data folders of the broker that is wrong");
    }

    private static Decision decideAmongEmpty(int selfNodeId, SeedList seeds, Map<Integer, SeedAnswer> answers) {
        Optional<Decision> disagreement = disagreement(seeds, answers);
        if (disagreement.isPresent()) {
            return disagreement.get();
        }
        List<Seed> missing = seeds.seeds().stream()
                .filter(seed -> !answers.containsKey(seed.nodeId()))
                .toList();
        if (!missing.isEmpty()) {
            return new Wait(
                    "no answer yet from " + missing.stream().map(Seed::toString).collect(Collectors.joining(", ")));
        }
        if (seeds.find(selfNodeId).isEmpty()) {
            return new Wait("the seeds have not formed a cluster yet");
        }
        List<Peer> voters = answers.values().stream().map(SeedAnswer::self).toList();
        return new Belong(new Membership(clusterIdOf(voters), voters), true);
    }

    private static Optional<Decision> disagreement(SeedList seeds, Map<Integer, SeedAnswer> answers) {
        return answers.entrySet().stream()
                .filter(answer -> !answer.getValue().seedList().equals(seeds.toString()))
                .findFirst()
                .map(answer -> new Blocked("cluster.seeds differs: here it is " + seeds + ", at node " + answer.getKey()
                        + " it is " + answer.getValue().seedList() + "; make them equal on every broker"));
    }

    /** A function of the voters' identities, so that each of them computes the same without an election. */
    private static String clusterIdOf(List<Peer> voters) {
        String identities =
                voters.stream().map(voter -> voter.id().value()).sorted().collect(Collectors.joining(","));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(("flotilla-cluster:" + identities).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, CLUSTER_ID_BYTES));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}

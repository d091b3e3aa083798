package io.flotilla.bitrot;

import io.flotilla.client.Admin;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaRole;
import io.flotilla.client.TopicDescription;
import io.flotilla.protocol.error.LogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Compares one broker's replicas with those of the others, while records are written. */
final class Replicas {
    /** How a replica is. */
    enum State {
        /** It takes part, has what its peers had when the comparison began, and holds the same bytes as they do. */
        SOUND,
        /** It takes part, with other bytes or fewer. */
        DIFFERENT,
        /** It does not take part. */
        CLOSED
    }

    private final Admin admin;
    private final int own;
    private final List<Integer> others;
    private final IntFunction<Path> data;
    private final TopicDescription topic;

    /** @param data folder of each broker by its id, from 1 to {@code brokers} */
    Replicas(Admin admin, int own, int brokers, IntFunction<Path> data, TopicDescription topic) {
        this.admin = admin;
        this.own = own;
        this.others = IntStream.rangeClosed(1, brokers)
                .filter(id -> id != own)
                .boxed()
                .toList();
        this.data = data;
        this.topic = topic;
    }

    /** The offsets up to which the others have applied now, by partition. */
    Map<Integer, Long> ends() {
        Map<Integer, Long> ends = new HashMap<>();
        for (int id : others) {
            replicasOn(id).forEach((partition, replica) -> ends.merge(partition, replica.highWatermark(), Math::max));
        }
        return ends;
    }

    /** How many partitions the broker leads. */
    long led() {
        return replicasOn(own).values().stream()
                .filter(replica -> replica.role() == ReplicaRole.LEADER)
                .count();
    }

    private Map<Integer, ReplicaDescription> replicasOn(int broker) {
        return admin.describeBroker(broker).replicas().stream()
                .filter(replica -> replica.partition().topic().equals(topic.name()))
                .collect(Collectors.toMap(replica -> replica.partition().partition(), replica -> replica));
    }

    /**
     * @param ends  what the replicas must have applied to be sound
     * @param bytes whether to compare bytes also while a replica is behind or closed, which lets all look different
     */
    SortedMap<Integer, State> look(Collection<Integer> partitions, Map<Integer, Long> ends, boolean bytes) {
        SortedMap<Integer, State> states = new TreeMap<>();
        Map<Integer, ReplicaDescription> replicas = replicasOnOwn();
        for (int partition : partitions) {
            ReplicaDescription replica = replicas.get(partition);
            if (replica == null || replica.role() == ReplicaRole.FAILED) {
                states.put(partition, State.CLOSED);
            } else {
                boolean behind = replica.highWatermark() < ends.getOrDefault(partition, 0L);
                states.put(partition, behind ? State.DIFFERENT : State.SOUND);
            }
        }
        boolean compare = bytes || states.values().stream().allMatch(state -> state == State.SOUND);
        states.replaceAll((partition, state) ->
                state == State.SOUND && !(compare && isSame(partition)) ? State.DIFFERENT : state);
        return states;
    }

    private Map<Integer, ReplicaDescription> replicasOnOwn() {
        try {
            return replicasOn(own);
        } catch (LogException notServing) {
            return Map.of();
        }
    }

    /** Whether the segments hold the same bytes as the others', as far as each pair goes. */
    private boolean isSame(int partition) {
        try {
            List<Path> mine = segments(own, partition);
            for (int other : others) {
                if (!isSame(mine, segments(other, partition))) {
                    return false;
                }
            }
            return true;
        } catch (IOException changedMeanwhile) {
            return false;
        }
    }

    private static boolean isSame(List<Path> mine, List<Path> theirs) throws IOException {
        int common = Math.min(mine.size(), theirs.size());
        for (int i = 0; i < common; i++) {
            byte[] one = Files.readAllBytes(mine.get(i));
            byte[] two = Files.readAllBytes(theirs.get(i));
            int length = Math.min(one.length, two.length);
            boolean isLast = i == common - 1; // being written to, or closed by one of the two just now
            if (!Unit.nameOf(mine.get(i)).equals(Unit.nameOf(theirs.get(i)))
                    || (!isLast && one.length != two.length)
                    || !Arrays.equals(one, 0, length, two, 0, length)) {
                return false;
            }
        }
        return common > 0;
    }

    private List<Path> segments(int broker, int partition) throws IOException {
        String folder = Victim.dashed(topic.topicId()) + "-" + partition;
        try (Stream<Path> files =
                Files.list(data.apply(broker).resolve("partitions").resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }
}

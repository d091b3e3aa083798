package io.flotilla.chaos.fault.admin;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import io.flotilla.client.Admin;
import io.flotilla.client.OperationDescription;
import io.flotilla.client.PartitionDescription;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.LogException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * N21: voters change while everything goes on. Replicas of {@code partitions}, 1 to 64 and 4 by default, move to other
 * brokers; where every broker has one already, one of them goes and comes back at the end. The target means nothing here.
 */
public final class Moves implements LingeringFault {
    private static final Duration PROOF_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(90);
    private static final int REPLICAS_MIN = 2;

    private final Site site;
    private final FaultSpec spec;
    private final Random random;
    private final int count;
    /** Whose replicas were where before. */
    private final Map<TopicPartition, List<Integer>> before = new LinkedHashMap<>();

    private final List<String> operations = new ArrayList<>();

    public Moves(Site site, FaultSpec spec, long seed) {
        this.site = site;
        this.spec = spec;
        this.random = new Random(seed);
        Parameters parameters = Parameters.of(spec);
        this.count = (int) parameters.number("partitions", 4, 1, 64);
        parameters.requireAllKnown();
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        List<PartitionDescription> all = new ArrayList<>();
        admin().describeTopics(List.of()).forEach(topic -> all.addAll(topic.partitions()));
        all.removeIf(partition ->
                partition.isMoving() || partition.replicaBrokerIds().size() < REPLICAS_MIN);
        Collections.shuffle(all, random);
        SortedSet<Integer> touched = new TreeSet<>();
        for (PartitionDescription partition : all.subList(0, Math.min(count, all.size()))) {
            List<Integer> wanted = elsewhere(partition.replicaBrokerIds());
            before.put(partition.partition(), partition.replicaBrokerIds()); // it may move even if no answer comes
            operations.add(admin().movePartition(partition.partition(), wanted).id());
            touched.addAll(partition.replicaBrokerIds());
            touched.addAll(wanted);
        }
        if (operations.isEmpty()) {
            throw new FaultException("no partition with " + REPLICAS_MIN + " replicas or more is there to be moved");
        }
        return List.copyOf(touched);
    }

    private Admin admin() {
        return site.roles().client().admin();
    }

    /** As many brokers, one of them another; or one fewer if there is no other. */
    private List<Integer> elsewhere(List<Integer> now) {
        List<Integer> others = new ArrayList<>(site.cluster().brokerIds());
        others.removeAll(now);
        List<Integer> wanted = new ArrayList<>(now);
        Collections.shuffle(wanted, random);
        wanted.remove(0);
        if (!others.isEmpty()) {
            wanted.add(others.get(random.nextInt(others.size())));
        }
        return wanted;
    }

    @Override
    public String verify() {
        Site.await(
                PROOF_TIMEOUT,
                "a partition to have other replicas",
                () -> changed() > 0,
                () -> "all are as before; operations: " + described());
        return changed() + " of " + before.size() + " partitions have other replicas than before";
    }

    private long changed() {
        return before.entrySet().stream()
                .filter(entry -> !replicasOf(entry.getKey()).equals(entry.getValue()))
                .count();
    }

    private List<Integer> replicasOf(TopicPartition partition) {
        try {
            return admin().describeTopic(partition.topic())
                    .partitions()
                    .get(partition.partition())
                    .replicaBrokerIds();
        } catch (LogException notServing) {
            return before.getOrDefault(partition, List.of());
        }
    }

    private List<String> described() {
        return operations.stream().map(this::stateOf).toList();
    }

    private String stateOf(String id) {
        try {
            OperationDescription operation = admin().operation(id);
            return operation.state() + (operation.message().isEmpty() ? "" : " " + operation.message());
        } catch (LogException notServing) {
            return String.valueOf(notServing.getMessage());
        }
    }

    /** The way back may need brokers that other faults have stopped, so it is only taken once all are over. */
    @Override
    public void disarm() {}

    /** Moves everything back, so that there are as many replicas as before. */
    @Override
    public void settle() {
        Site.await(
                END_TIMEOUT,
                "all replicas to be where they were",
                () -> {
                    before.keySet().removeIf(this::isBack);
                    return before.isEmpty();
                },
                () -> before.keySet().stream()
                                .map(partition -> "those of " + partition + " are on " + replicasOf(partition))
                                .toList()
                        + "; operations: " + described());
    }

    /** Asks for the way back as often as needed: while it moves, and while nobody answers, that is refused. */
    private boolean isBack(TopicPartition partition) {
        List<Integer> home = before.getOrDefault(partition, List.of());
        try {
            PartitionDescription now =
                    admin().describeTopic(partition.topic()).partitions().get(partition.partition());
            if (!now.isMoving() && new TreeSet<>(now.replicaBrokerIds()).equals(new TreeSet<>(home))) {
                return true;
            }
            if (!now.isMoving()) {
                operations.add(admin().movePartition(partition, home).id());
            }
            return false;
        } catch (LogException refused) {
            return false;
        }
    }
}

package io.flotilla.metadata;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/**
 * What leads from one image to a later one of the same history, over one version or many. It grows with what changed,
 * not with the image. Encoded form: {@code delta.proto}.
 *
 * @param fromVersion     of the image it applies to
 * @param toVersion       of the image that comes out
 * @param featureLevel    of the later image
 * @param nextProducerId  of the later image
 * @param brokersSet      new or changed
 * @param topicsSet       new or changed
 * @param topicsRemoved   names that no topic has any more
 * @param deletedSet      deleted topics that are new or changed
 * @param deletedRemoved  ids of topics that are not among the deleted ones any more
 * @param purged          ids of topics purged, and of requests that changed topics, meanwhile, the latest last
 * @param operations      empty while all are as they were
 * @param metadataVoters  empty while they are as they were
 */
public record ImageDelta(
        String clusterId,
        long fromVersion,
        long toVersion,
        int featureLevel,
        long nextProducerId,
        List<BrokerRegistration> brokersSet,
        List<Integer> brokersRemoved,
        List<TopicChange> topicsSet,
        List<String> topicsRemoved,
        List<DeletedTopicChange> deletedSet,
        List<UUID> deletedRemoved,
        List<UUID> purged,
        Optional<OperationsChange> operations,
        Optional<MetadataVoters> metadataVoters) {

    /** A deleted topic that is new among those, or changed; its partitions are often those it had before. */
    public record DeletedTopicChange(TopicChange topic, long deletedAtMillis, long purgeAtMillis) {}

    public ImageDelta {
        brokersSet = List.copyOf(brokersSet);
        brokersRemoved = List.copyOf(brokersRemoved);
        topicsSet = List.copyOf(topicsSet);
        topicsRemoved = List.copyOf(topicsRemoved);
        deletedSet = List.copyOf(deletedSet);
        deletedRemoved = List.copyOf(deletedRemoved);
        purged = List.copyOf(purged);
    }

    /**
     * The shortest way from one image to another. What both share as one object is passed over at a glance; that is one
     * comparison for each topic, and within the topics that differ one for each partition.
     *
     * @param after of the same cluster, and no older
     */
    public static ImageDelta between(MetadataImage before, MetadataImage after) {
        if (!before.clusterId().equals(after.clusterId()) || before.version() > after.version()) {
            throw new IllegalArgumentException("there is no delta from the " + before + " to the " + after);
        }
        return new ImageDelta(
                after.clusterId(),
                before.version(),
                after.version(),
                after.featureLevel(),
                after.nextProducerId(),
                changed(before.brokers(), after.brokers()),
                removed(before.brokers(), after.brokers()),
                changed(before.topics(), after.topics()).stream()
                        .map(topic -> TopicChange.between(before.keptTopic(topic.id()), topic))
                        .toList(),
                removed(before.topics(), after.topics()),
                changed(before.deletedTopics(), after.deletedTopics()).stream()
                        .map(deleted -> new DeletedTopicChange(
                                TopicChange.between(
                                        before.keptTopic(deleted.topic().id()), deleted.topic()),
                                deleted.deletedAtMillis(),
                                deleted.purgeAtMillis()))
                        .toList(),
                removed(before.deletedTopics(), after.deletedTopics()),
                after.spentIds().since(before.spentIds()),
                before.operations().equals(after.operations())
                        ? Optional.empty()
                        : Optional.of(OperationsChange.between(before.operations(), after.operations())),
                before.metadataVoters().equals(after.metadataVoters())
                        ? Optional.empty()
                        : Optional.of(after.metadataVoters()));
    }

    private static <K, V> List<V> changed(SortedMap<K, V> before, SortedMap<K, V> after) {
        if (before == after) {
            return List.of();
        }
        List<V> changed = new ArrayList<>();
        after.forEach((key, value) -> {
            V earlier = before.get(key);
            if (earlier != value && !value.equals(earlier)) {
                changed.add(value);
            }
        });
        return changed;
    }

    private static <K, V> List<K> removed(SortedMap<K, V> before, SortedMap<K, V> after) {
        return before == after
                ? List.of()
                : before.keySet().stream()
                        .filter(key -> !after.containsKey(key))
                        .toList();
    }

    /**
     * The later image. It shares with {@code before} what did not change.
     *
     * @throws IllegalArgumentException if {@code before} is not the image from which this leads on; what is wrong is
     *     found out as far as it shows, so the caller must know that both are of one history
     */
    public MetadataImage applyTo(MetadataImage before) {
        if (!before.clusterId().equals(clusterId) || before.version() != fromVersion) {
            throw new IllegalArgumentException("a delta of cluster " + clusterId + " leads from version " + fromVersion
                    + " to " + toVersion + " and cannot be applied to the " + before);
        }
        Collection<Topic> topics = topicsSet.stream()
                .map(change -> change.applyTo(before.keptTopic(change.header().id())))
                .toList();
        Collection<DeletedTopic> deleted = deletedSet.stream()
                .map(change -> new DeletedTopic(
                        change.topic()
                                .applyTo(
                                        before.keptTopic(change.topic().header().id())),
                        change.deletedAtMillis(),
                        change.purgeAtMillis()))
                .toList();
        return before.with(
                toVersion,
                featureLevel,
                nextProducerId,
                merged(before.brokers(), brokersRemoved, brokersSet, BrokerRegistration::id),
                merged(before.topics(), topicsRemoved, topics, Topic::name),
                merged(before.deletedTopics(), deletedRemoved, deleted, gone -> gone.topic()
                        .id()),
                purged.isEmpty() ? before.spentIds() : before.spentIds().and(purged),
                operations.map(change -> change.applyTo(before.operations())).orElse(before.operations()),
                metadataVoters.orElse(before.metadataVoters()));
    }

    private static <K, V> SortedMap<K, V> merged(
            SortedMap<K, V> before, Collection<K> removed, Collection<V> set, Function<V, K> keyOf) {
        if (removed.isEmpty() && set.isEmpty()) {
            return before;
        }
        NavigableMap<K, V> after = new TreeMap<>(before);
        removed.forEach(after::remove);
        set.forEach(value -> after.put(keyOf.apply(value), value));
        return after;
    }

    /** Counts only: a delta can be large. */
    @Override
    public String toString() {
        return "delta of " + clusterId + " from=" + fromVersion + " to=" + toVersion + " brokers=" + brokersSet.size()
                + " topics=" + topicsSet.size();
    }
}

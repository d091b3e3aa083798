package io.flotilla.chaos.run;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.history.Records;
import io.flotilla.chaos.port.AdminPort;
import io.flotilla.chaos.port.Answer;
import io.flotilla.chaos.port.ClientPort;
import io.flotilla.chaos.port.OutOfRange;
import io.flotilla.chaos.port.ReaderPort;
import io.flotilla.chaos.port.Received;
import io.flotilla.chaos.workload.Scene;
import io.flotilla.chaos.workload.Topic;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.TopicDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Reads everything once more at the end of a run, when nobody writes: as a client, and from every replica's files. What
 * cannot be read is left out of the history, and remarked on.
 */
final class FinalReads {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final int POLL_RECORDS = 2_000;

    private final Scene scene;
    private final Backend backend;
    private final ClusterView view;
    private final List<Topic> topics;
    private final Duration timeout;
    private final List<String> remarks;

    /** A bound was asked for until the end of the time: the other partitions are asked only once. */
    private boolean silent;

    FinalReads(
            Scene scene,
            Backend backend,
            ClusterView view,
            List<Topic> topics,
            Duration timeout,
            List<String> remarks) {
        this.scene = scene;
        this.backend = backend;
        this.view = view;
        this.topics = List.copyOf(topics);
        this.timeout = timeout;
        this.remarks = remarks;
    }

    /** Reads every partition from its log start to its end. */
    void throughLeaders() {
        try (ClientPort client = scene.connect()) {
            for (Topic topic : topics) {
                topic.places().forEach(place -> throughLeader(client, place));
            }
        }
    }

    private void throughLeader(ClientPort client, Place place) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        AdminPort admin = client.admin();
        long start = bound(deadlineNanos, place, () -> admin.logStart(place));
        long end = start < 0 ? start : bound(deadlineNanos, place, () -> admin.logEnd(place));
        if (end >= 0 && isReadTo(client, place, start, end, deadlineNanos)) {
            scene.recorder()
                    .write(nanos -> new Event.FinalBounds(nanos, place, Event.FinalRead.FROM_LEADER, start, end, ""));
        }
    }

    /** A bound that is asked for until it is told, or -1 if that takes too long. */
    private long bound(long deadlineNanos, Place place, Supplier<Answer<Long>> asking) {
        Answer<Long> answer = asking.get();
        while (!answer.isOk() && !silent && System.nanoTime() - deadlineNanos < 0) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            answer = asking.get();
        }
        if (!answer.isOk()) {
            silent = true;
            remarks.add("a bound of " + place + " was not told in the end: " + answer.error());
            return -1;
        }
        return answer.get();
    }

    private boolean isReadTo(ClientPort client, Place place, long start, long end, long deadlineNanos) {
        try (ReaderPort reader = client.reader(POLL_RECORDS)) {
            long position = start;
            reader.assign(Map.of(place, position));
            while (position < end && System.nanoTime() - deadlineNanos < 0) {
                List<Received> received = reader.poll(POLL);
                if (!received.isEmpty()) {
                    write(place, received);
                    position = received.get(received.size() - 1).offset() + 1;
                }
            }
            if (position < end) {
                remarks.add(place + " was read in the end only up to " + position + " of " + end + ": "
                        + reader.takeError());
            }
            return position >= end;
        } catch (OutOfRange trimmedMeanwhile) {
            remarks.add(place + " could not be read in the end: " + trimmedMeanwhile.getMessage());
            return false;
        }
    }

    private void write(Place place, List<Received> received) {
        Records records = new Records();
        received.forEach(
                one -> scene.values().add(records, one.offset(), one.timestampMillis(), one.key(), one.value()));
        scene.recorder().write(nanos -> new Event.FinalRead(nanos, place, Event.FinalRead.FROM_LEADER, records));
    }

    /** Waits until all replicas have the same bounds, stops all brokers, and reads their files. */
    void fromReplicas() {
        Map<String, TopicDescription> described = new HashMap<>();
        topics.forEach(topic -> view.topic(topic.name()).ifPresent(known -> described.put(topic.name(), known)));
        Map<Place, SortedMap<Integer, ReplicaDescription>> settled = awaitSettled(described);
        if (!backend.stopAll()) {
            remarks.add("the brokers cannot be stopped here: replicas' files were not read");
            return;
        }
        ReplicaFiles files = new ReplicaFiles(scene.values());
        described.values().forEach(topic -> topic.partitions().forEach(partition -> {
            Place place = new Place(topic.name(), partition.partition().partition());
            settled.getOrDefault(place, new TreeMap<>())
                    .forEach((node, replica) -> fromReplica(files, topic, place, node, replica));
        }));
    }

    private void fromReplica(
            ReplicaFiles files, TopicDescription topic, Place place, int node, ReplicaDescription replica) {
        Optional<Path> data = backend.dataDirectory(node);
        if (data.isEmpty()) {
            return;
        }
        try {
            String digest = files.read(
                    data.get(),
                    topic,
                    place.partition(),
                    replica.logStartOffset(),
                    replica.highWatermark(),
                    records -> scene.recorder().write(nanos -> new Event.FinalRead(nanos, place, node, records)));
            scene.recorder()
                    .write(nanos -> new Event.FinalBounds(
                            nanos, place, node, replica.logStartOffset(), replica.highWatermark(), digest));
        } catch (IOException unreadable) {
            remarks.add("the replica of " + place + " on broker " + node + " could not be read: " + unreadable);
        }
    }

    private Map<Place, SortedMap<Integer, ReplicaDescription>> awaitSettled(Map<String, TopicDescription> described) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        List<String> unsettled = new ArrayList<>();
        while (true) {
            Map<Place, SortedMap<Integer, ReplicaDescription>> replicas = view.replicas();
            unsettled.clear();
            described.values().forEach(topic -> topic.partitions().forEach(partition -> {
                Place place = new Place(topic.name(), partition.partition().partition());
                SortedMap<Integer, ReplicaDescription> found = replicas.getOrDefault(place, new TreeMap<>());
                Set<List<Long>> bounds = new HashSet<>();
                found.values().forEach(one -> bounds.add(List.of(one.logStartOffset(), one.highWatermark())));
                if (found.size() != partition.replicaBrokerIds().size() || bounds.size() != 1) {
                    unsettled.add(place + " " + found.values());
                }
            }));
            if (unsettled.isEmpty()) {
                return replicas;
            }
            if (System.nanoTime() - deadlineNanos >= 0) {
                remarks.add("replicas have not come to agree within " + timeout + ": " + unsettled);
                return replicas;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }
}

package io.flotilla.chaos.run;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.workload.AdminWorkload;
import io.flotilla.chaos.workload.AppendWorkload;
import io.flotilla.chaos.workload.GroupWorkload;
import io.flotilla.chaos.workload.MetricsWorkload;
import io.flotilla.chaos.workload.ReadWorkload;
import io.flotilla.chaos.workload.RetentionWorkload;
import io.flotilla.chaos.workload.Scene;
import io.flotilla.chaos.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which workloads use which topics. */
final class Casting {
    /** Of the records per second: the rest is W2's. */
    private static final double PLAIN_SHARE = 0.2;

    private static final double GROUPED_SHARE = 0.15;
    private static final double RETAINED_SHARE = 0.15;

    private final Scene scene;
    private final Topics topics;
    private final Set<String> names;
    private final Backend backend;

    Casting(Scene scene, Topics topics, Set<String> names, Backend backend) {
        this.scene = scene;
        this.topics = topics;
        this.names = names;
        this.backend = backend;
    }

    /** Starts them; the caller closes them. */
    List<Workload> start() {
        List<Workload> started = new ArrayList<>();
        double plainShare = names.contains("W1") ? PLAIN_SHARE : 0;
        double groupedShare = names.contains("W3") ? GROUPED_SHARE : 0;
        double retainedShare = names.contains("W6") ? RETAINED_SHARE : 0;
        if (names.contains("W1")) {
            started.add(AppendWorkload.plain(scene, topics.plain(), plainShare));
        }
        if (names.contains("W2")) {
            started.add(AppendWorkload.idempotent(
                    scene, topics.idempotent(), 1 - plainShare - groupedShare - retainedShare));
        }
        if (names.contains("W3")) {
            started.add(GroupWorkload.start(scene, topics.grouped(), groupedShare));
        }
        if (names.contains("W6")) {
            started.add(RetentionWorkload.start(scene, topics.retained(), retainedShare));
        }
        if (names.contains("W7")) {
            started.add(AdminWorkload.start(scene, topics.plain().replicas()));
        }
        if (names.contains("W9")) {
            Map<Integer, String> addresses = new TreeMap<>();
            backend.nodes().forEach(node -> addresses.put(node, backend.httpAddress(node)));
            started.add(MetricsWorkload.start(scene, addresses, topics.usedBy(names)));
        }
        if (names.contains("reads")) {
            List<Place> read = new ArrayList<>();
            topics.usedBy(names).stream()
                    .filter(topic -> topic.equals(topics.plain()) || topic.equals(topics.idempotent()))
                    .forEach(topic -> read.addAll(topic.places()));
            List<Place> bounded = names.contains("W6") ? topics.retained().places() : List.of();
            started.add(ReadWorkload.start(scene, read, bounded));
        }
        return started;
    }
}

package io.flotilla.bitrot;

import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.client.TopicDescription;
import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The broker whose disk rots: its files by units, copies of them, and its starts and stops. */
final class Victim {
    private static final String INDEX = "index";

    private final EmbeddedCluster cluster;
    private final int id;
    private final Path data;
    private final Path copies;
    private final List<Unit> replicas = new ArrayList<>();
    private final List<Unit> ownUnits;

    /**
     * Looks at a broker that holds a replica of each partition of one topic, and none of any other.
     *
     * @param copies a folder for copies of its files
     */
    Victim(EmbeddedCluster cluster, int id, Path data, Path copies, TopicDescription topic) throws IOException {
        this.cluster = cluster;
        this.id = id;
        this.data = data;
        this.copies = copies;
        UUID topicId = UUID.fromString(dashed(topic.topicId()));
        for (int partition = 0; partition < topic.partitionCount(); partition++) {
            replicas.add(replica(topicId, partition));
        }
        this.ownUnits = List.of(identity(), index(), metadata());
    }

    /** The API writes topic ids as 32 hexadecimal digits, folders as UUIDs. */
    static String dashed(String topicId) {
        return topicId.replaceFirst("^(.{8})(.{4})(.{4})(.{4})(.{12})$", "$1-$2-$3-$4-$5");
    }

    private Unit replica(UUID topicId, int partition) {
        String folder = topicId + "-" + partition;
        String group = BrokerUnits.groupOf(topicId, partition);
        return new Unit(
                "partition " + partition,
                OptionalInt.of(partition),
                List.of(
                        data.resolve("partitions").resolve(folder),
                        data.resolve("raft").resolve(group)),
                List.of(folder, group));
    }

    private Unit identity() {
        return new Unit(
                "identity",
                OptionalInt.empty(),
                List.of(data.resolve("meta.properties"), data.resolve("meta.properties.copy")),
                List.of("meta.properties"));
    }

    private Unit index() {
        return new Unit(
                INDEX, OptionalInt.empty(), List.of(data.resolve(INDEX)), List.of("the index", "corrupt index"));
    }

    /** Its Raft group is the one that is no partition's. */
    private Unit metadata() throws IOException {
        Set<String> others = replicas.stream().map(unit -> unit.names().get(1)).collect(Collectors.toSet());
        try (Stream<Path> groups = Files.list(data.resolve("raft"))) {
            Path group = groups.filter(
                            folder -> Files.exists(folder.resolve("current")) && !others.contains(Unit.nameOf(folder)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("broker " + id + " is no voter of the metadata"));
            return new Unit(
                    "metadata",
                    OptionalInt.empty(),
                    List.of(data.resolve("metadata"), group),
                    List.of(Unit.nameOf(group), "metadata"));
        }
    }

    int id() {
        return id;
    }

    /** The replicas of partitions, by partition. */
    List<Unit> replicas() {
        return List.copyOf(replicas);
    }

    /** What the broker has once. */
    List<Unit> ownUnits() {
        return ownUnits;
    }

    void stop() {
        cluster.stop(id);
    }

    /**
     * @throws IOException if it does not come to serve, and why
     */
    void start() throws IOException {
        cluster.restart(id);
    }

    /** Copies all files of the stopped broker's units; the copies made before are kept as {@link #earlier}. */
    void copy(Collection<Unit> units) throws IOException {
        for (Unit unit : units) {
            Path now = copyOf(unit, "now");
            Path earlier = copyOf(unit, "earlier");
            delete(earlier);
            if (Files.exists(now)) {
                Files.move(now, earlier);
            }
            for (Path root : unit.roots()) {
                copyTree(root, now.resolve(data.relativize(root)));
            }
        }
    }

    private Path copyOf(Unit unit, String age) {
        return copies.resolve(unit.name()).resolve(age);
    }

    /** Where a copy of a file from an earlier round may be. */
    Path earlier(Path file) {
        for (Unit unit : Stream.concat(replicas.stream(), ownUnits.stream()).toList()) {
            if (unit.roots().stream().anyMatch(file::startsWith)) {
                return copyOf(unit, "earlier").resolve(data.relativize(file));
            }
        }
        throw new IllegalArgumentException(file + " belongs to no unit");
    }

    /**
     * Puts the newest copies back. The index may know of more than the copies hold and is dropped, to be built again.
     */
    void restore(Collection<Unit> units) throws IOException {
        for (Unit unit : units) {
            for (Path root : unit.roots()) {
                delete(root);
                copyTree(copyOf(unit, "now").resolve(data.relativize(root)), root);
            }
        }
        if (units.stream()
                .anyMatch(unit -> unit.partition().isPresent() || unit.name().equals(INDEX))) {
            delete(data.resolve(INDEX));
        }
    }

    private static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            DirectoryTree.delete(path);
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.toList(); // a folder comes before what it holds
        }
        for (Path path : all) {
            Path target = to.resolve(from.relativize(path).toString());
            if (Files.isDirectory(path)) {
                Files.createDirectories(target);
            } else {
                if (target.getParent() != null) {
                    Files.createDirectories(target.getParent());
                }
                Files.copy(path, target);
            }
        }
    }

    /** Names of what is in its quarantine, by paths. */
    Set<String> quarantined() throws IOException {
        Set<String> names = new HashSet<>();
        for (Path quarantine :
                List.of(data.resolve("quarantine"), data.resolve("raft").resolve("quarantine"))) {
            if (Files.exists(quarantine)) {
                try (Stream<Path> walk = Files.walk(quarantine)) {
                    walk.map(Path::toString).forEach(names::add);
                }
            }
        }
        return names;
    }
}

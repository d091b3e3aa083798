package io.flotilla.chaos.selftest;

import io.flotilla.chaos.backend.local.LocalBackend;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.plant.Plant;
import io.flotilla.cluster.DirectoryTree;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.raftlog.partition.PartitionId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is done to the broker that comes back too early in a {@link Laggard}. */
final class Laggards {
    /** Behind the last byte of a log that is not zero: its checksum may end with zeros. */
    private static final int CHECKSUM_BYTES = 4;

    /** A log's name, {@code current}, and the name of the group's folder, counted from the end of its path. */
    private static final int FOLDERS_ABOVE_LOG = 3;

    private Laggards() {}

    /** Puts faults in that are made for a plant's exam, in place of the kind that does such damage. */
    static void register(Plant plant, LocalBackend backend) {
        if (plant == Plant.P12) {
            backend.registry().put(FaultId.BIT_ROT, (spec, seed) -> new RottenRecord(backend.site(), spec, seed));
        }
        if (plant == Plant.P13) {
            backend.registry()
                    .put(FaultId.BIT_ROT, (spec, seed) -> new Laggard(backend.cluster(), spec, seed, new CutLogs()));
        }
        if (plant == Plant.P20) {
            backend.registry()
                    .put(FaultId.WIPE, (spec, seed) -> new Laggard(backend.cluster(), spec, seed, new Wiped()));
        }
    }

    /** Takes from a broker what it has acknowledged since a moment. */
    interface Damage {
        /** Whether the broker may vote for the cluster's metadata: its metadata is damaged, too, if so. */
        boolean mayVoteForMetadata();

        /** The moment has come. */
        void mark(Path data) throws IOException;

        /** The broker has been killed; what was done, in words. */
        String apply(Path data) throws IOException;
    }

    /** Cuts the open Raft logs of partitions back to the length that they had. */
    private static final class CutLogs implements Damage {
        private final Map<Path, Long> lengths = new TreeMap<>();

        @Override
        public boolean mayVoteForMetadata() {
            return true;
        }

        @Override
        public void mark(Path data) throws IOException {
            for (Path log : openLogs(data)) {
                lengths.put(log, contentLength(log));
            }
        }

        @Override
        public String apply(Path data) throws IOException {
            long cut = 0;
            for (Map.Entry<Path, Long> log : lengths.entrySet()) {
                if (Files.exists(log.getKey())) {
                    cut += Math.max(0, contentLength(log.getKey()) - log.getValue());
                    try (RandomAccessFile file =
                            new RandomAccessFile(log.getKey().toFile(), "rw")) {
                        file.setLength(Math.min(file.length(), log.getValue()));
                    }
                }
            }
            return "cut " + cut + " bytes of " + lengths.size() + " Raft logs";
        }

        private static List<Path> openLogs(Path data) throws IOException {
            Set<String> partitions = partitionGroups(data);
            try (Stream<Path> files = Files.walk(data.resolve("raft"))) {
                return files.filter(file -> file.getFileName().toString().startsWith("log_inprogress_"))
                        .filter(file -> partitions.contains(file.getName(file.getNameCount() - FOLDERS_ABOVE_LOG)
                                .toString()))
                        .toList();
            }
        }

        /** Groups of the replicas that a data folder has; the metadata's is none of them. */
        private static Set<String> partitionGroups(Path data) throws IOException {
            try (Stream<Path> folders = Files.list(data.resolve("partitions"))) {
                return folders.map(folder -> groupOf(folder.getFileName().toString()))
                        .collect(Collectors.toSet());
            }
        }

        /** @param replica name of its folder, {@code <topic id>-<partition>} */
        private static String groupOf(String replica) {
            int dash = replica.lastIndexOf('-');
            UUID topic = UUID.fromString(replica.substring(0, dash));
            return new PartitionId(topic, Integer.parseInt(replica.substring(dash + 1)))
                    .groupId()
                    .value()
                    .toString();
        }

        private static long contentLength(Path log) throws IOException {
            byte[] content = Files.readAllBytes(log);
            int length = content.length;
            while (length > 0 && content[length - 1] == 0) {
                length--;
            }
            return Math.min(content.length, length + CHECKSUM_BYTES);
        }
    }

    /** Empties the data folder. */
    private static final class Wiped implements Damage {
        @Override
        public boolean mayVoteForMetadata() {
            return false;
        }

        @Override
        public void mark(Path data) {}

        @Override
        public String apply(Path data) throws IOException {
            DirectoryTree.delete(data);
            return "deleted " + data;
        }
    }

    /** Kills several brokers, all before any is waited for. */
    static void kill(ProcessCluster cluster, List<Integer> brokers) {
        for (int broker : brokers) {
            cluster.expectExit(broker);
            ProcessHandle.of(cluster.pid(broker)).ifPresent(ProcessHandle::destroyForcibly);
        }
        brokers.forEach(cluster::kill9);
    }
}

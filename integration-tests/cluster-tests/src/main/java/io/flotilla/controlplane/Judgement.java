package io.flotilla.controlplane;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.store.Snapshot;
import io.flotilla.metadata.store.SnapshotFile;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.ratis.LoggedEntries.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Holds what brokers have kept against the log's replay and against what clients know. */
record Judgement(Figures figures, List<String> complaints) {
    /**
     * @param snapshots  brokers whose snapshot was compared
     * @param terms      of leaders whose entries were committed
     * @param entries    that were replayed, those of Raft's own included
     * @param topicsMade ever
     * @param topics     that are there in the end, deleted ones included
     * @param unsure     names of which clients know nothing certain
     */
    record Figures(
            int snapshots,
            int terms,
            int entries,
            SortedMap<String, Integer> commands,
            int topicsMade,
            int topics,
            long unsure) {}

    /**
     * @param logs        pieces of the members' logs, whatever was purged meanwhile included
     * @param dataFolders of all brokers, which have been stopped in order
     * @throws IllegalStateException if the pieces are not one whole log
     * @throws IOException           if a file is damaged, or an entry is no command
     */
    static Judgement of(
            String clusterId, List<List<Entry>> logs, List<Path> dataFolders, List<TopicWorker.History> histories)
            throws IOException {
        Map<Path, Snapshot> snapshots = new TreeMap<>();
        for (Path folder : dataFolders) {
            SnapshotFile.in(folder.resolve("metadata"))
                    .read()
                    .ifPresent(snapshot -> snapshots.put(folder.resolve("metadata"), snapshot));
        }
        LogPosition end = snapshots.values().stream()
                .map(Snapshot::position)
                .max(Comparator.comparing(LogPosition::index))
                .orElseThrow(() -> new IllegalStateException("no broker has a snapshot of the metadata"));
        List<Entry> committed = CommittedLog.upTo(end, logs);
        Replay replay = Replay.of(clusterId, committed);

        List<String> complaints = new ArrayList<>(replay.complaints());
        complaints.addAll(wrongSnapshots(snapshots, committed, replay));
        List<OwnedName> names =
                histories.stream().flatMap(history -> history.names().stream()).toList();
        histories.forEach(history -> complaints.addAll(history.complaints()));
        MetadataImage last = replay.imageAt(end.index());
        complaints.addAll(wrongTopics(last, names));
        Figures figures = new Figures(
                snapshots.size(),
                replay.terms(),
                committed.size(),
                replay.commands(),
                replay.topicsMade(),
                Math.toIntExact(last.keptTopics().count()),
                names.stream().filter(OwnedName::unsure).count());
        return new Judgement(figures, List.copyOf(complaints));
    }

    /** Snapshots that are not the image to which the log leads. */
    static List<String> wrongSnapshots(Map<Path, Snapshot> snapshots, List<Entry> committed, Replay replay) {
        List<String> complaints = new ArrayList<>();
        snapshots.forEach((file, snapshot) -> {
            LogPosition position = snapshot.position();
            LogPosition logged =
                    committed.get(Math.toIntExact(position.index())).position();
            if (!logged.equals(position)) {
                complaints.add(file + " is of " + position + " where the log has " + logged);
            }
            ImageDifference.between(replay.imageAt(position.index()), snapshot.image())
                    .ifPresent(difference ->
                            complaints.add(file + " at " + position + " differs from the log's replay: " + difference));
        });
        return complaints;
    }

    /** Topics that should be there or should not, by what those who made and deleted them were told. */
    static List<String> wrongTopics(MetadataImage image, Collection<OwnedName> names) {
        List<String> complaints = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (OwnedName name : names) {
            known.add(name.name());
            if (name.unsure()) {
                continue;
            }
            Optional<String> live = image.topic(name.name()).map(Topic::idText);
            if (!live.equals(name.live())) {
                complaints.add("topic " + name.name() + " is " + live.orElse("not there")
                        + " in the end, but its client" + " knows: " + name);
            }
            Set<String> deleted = image.deletedTopics().values().stream()
                    .map(topic -> topic.topic())
                    .filter(topic -> topic.name().equals(name.name()))
                    .map(Topic::idText)
                    .collect(Collectors.toSet());
            if (!deleted.equals(name.deleted())) {
                complaints.add("deleted topics " + name.name() + " are " + deleted
                        + " in the end, but their client knows: " + name);
            }
        }
        image.keptTopics()
                .map(Topic::name)
                .filter(name -> !known.contains(name))
                .forEach(name -> complaints.add("topic " + name + " is there, but nobody made it"));
        return complaints;
    }
}

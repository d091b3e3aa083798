package io.flotilla.controlplane;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.core.Applied;
import io.flotilla.metadata.core.Transition;
import io.flotilla.metadata.store.CommandFormat;
import io.flotilla.raftlog.raft.ratis.LoggedEntries.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** The images to which a log leads by the pure rules, and what must hold all along. */
final class Replay {
    private final List<MetadataImage> images = new ArrayList<>();
    private final SortedMap<String, Integer> commands = new TreeMap<>();
    private final Set<Long> terms = new HashSet<>();
    private final Map<UUID, Long> madeAt = new HashMap<>();
    private final List<String> complaints = new ArrayList<>();
    private MetadataImage image;

    private Replay(String clusterId) {
        image = MetadataImage.empty(clusterId);
    }

    /**
     * @param committed all entries from index 0 on
     * @throws IOException if an entry is no command
     */
    static Replay of(String clusterId, List<Entry> committed) throws IOException {
        Replay replay = new Replay(clusterId);
        for (Entry entry : committed) {
            replay.apply(entry);
        }
        return replay;
    }

    private void apply(Entry entry) throws IOException {
        long index = entry.position().index();
        terms.add(entry.position().term());
        if (entry.proposal().isPresent()) {
            apply(index, entry.proposal().get());
        }
        images.add(image);
    }

    private void apply(long index, ByteBuffer proposal) throws IOException {
        MetadataImage before = image;
        var command = CommandFormat.decode(proposal.duplicate());
        commands.merge(command.getClass().getSimpleName(), 1, Integer::sum);
        Applied applied = Transition.apply(before, command);
        if (applied.image().version() == before.version()) {
            return;
        }
        image = applied.image();
        if (image.version() != before.version() + 1) {
            complaints.add("entry " + index + " led from version " + before.version() + " to " + image.version());
        }
        Set<UUID> keptBefore = idsIn(before);
        for (UUID id : idsIn(image)) {
            Long earlier = keptBefore.contains(id) ? null : madeAt.put(id, index);
            if (earlier != null) {
                complaints.add("topic id " + Topic.idText(id) + " was given by entry " + earlier
                        + " and, to another topic, by entry " + index);
            }
        }
    }

    private static Set<UUID> idsIn(MetadataImage image) {
        return image.keptTopics().map(Topic::id).collect(Collectors.toSet());
    }

    /** The image right after an entry that was replayed. */
    MetadataImage imageAt(long index) {
        return images.get(Math.toIntExact(index));
    }

    /** How many commands there were, by their kind. */
    SortedMap<String, Integer> commands() {
        return commands;
    }

    /** How many terms have entries. */
    int terms() {
        return terms.size();
    }

    /** Topics that were ever made. */
    int topicsMade() {
        return madeAt.size();
    }

    /** Ids that were given twice, versions that jumped. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }
}

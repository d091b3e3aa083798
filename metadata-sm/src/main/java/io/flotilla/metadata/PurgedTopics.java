package io.flotilla.metadata;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The topics that were purged last. A command that made one of them and is still on its way, sent again because its outcome
 * was not known, must not make it anew: some broker may have missed the purge and hold replicas of that id, with records
 * and votes of the former topic.
 *
 * @param ids the latest last
 */
public record PurgedTopics(List<UUID> ids) {
    /** Far more than are purged while a command can be on its way, which is some seconds. */
    public static final int KEPT_MAX = 1_000;

    public static final PurgedTopics NONE = new PurgedTopics(List.of());

    public PurgedTopics {
        ids = List.copyOf(ids);
    }

    public boolean contains(UUID id) {
        return ids.contains(id);
    }

    /** With these, the latest last; the earliest make room. */
    PurgedTopics and(List<UUID> purged) {
        List<UUID> all = new ArrayList<>(ids);
        all.addAll(purged);
        return new PurgedTopics(all.subList(Math.max(0, all.size() - KEPT_MAX), all.size()));
    }

    /** Those that were not purged {@code before}. */
    List<UUID> since(PurgedTopics before) {
        if (ids.equals(before.ids)) {
            return List.of();
        }
        Set<UUID> known = new HashSet<>(before.ids);
        return ids.stream().filter(id -> !known.contains(id)).toList();
    }
}

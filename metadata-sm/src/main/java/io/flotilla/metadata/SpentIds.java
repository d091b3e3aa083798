package io.flotilla.metadata;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What must not come a second time: the topics that were purged last, and the requests that changed topics last. A command
 * can still be on its way, sent again because its outcome was not known, long after it had its effect. One that made a topic
 * must not make it anew, for some broker may have missed the purge and hold replicas of that id, with records and votes of
 * the former topic; one that changed a topic must not undo what others have changed since.
 *
 * @param ids the latest last
 */
public record SpentIds(List<UUID> ids) {
    /** Far more than there are while a command can be on its way, which is some seconds. */
    public static final int KEPT_MAX = 1_000;

    public static final SpentIds NONE = new SpentIds(List.of());

    public SpentIds {
        ids = List.copyOf(ids);
    }

    public boolean contains(UUID id) {
        return ids.contains(id);
    }

    /** With these, the latest last; the earliest make room. */
    SpentIds and(List<UUID> spent) {
        List<UUID> all = new ArrayList<>(ids);
        all.addAll(spent);
        return new SpentIds(all.subList(Math.max(0, all.size() - KEPT_MAX), all.size()));
    }

    /** Those that were not spent {@code before}. */
    List<UUID> since(SpentIds before) {
        if (ids.equals(before.ids)) {
            return List.of();
        }
        Set<UUID> known = new HashSet<>(before.ids);
        return ids.stream().filter(id -> !known.contains(id)).toList();
    }
}

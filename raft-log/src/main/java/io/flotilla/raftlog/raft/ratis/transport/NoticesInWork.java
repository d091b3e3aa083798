package io.flotilla.raftlog.raft.ratis.transport;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Lets one notice of a group be answered at a time: Ratis writes the group's peers to a file at each of them, and expects
 * that nobody else does. Of those that come meanwhile the newest waits, for the leader listens to the answer to its last
 * notice alone; the others are dropped.
 *
 * <p>Threading: safe for all threads.
 *
 * @param <N> a notice
 */
final class NoticesInWork<N> {
    private final Map<UUID, Optional<N>> waiting = new ConcurrentHashMap<>();

    /**
     * A notice has come.
     *
     * @return whether it is to be answered now, by whoever calls {@link #next} when that is done; if not, it waits
     */
    boolean begin(UUID group, N notice) {
        return waiting.merge(group, Optional.empty(), (before, unused) -> Optional.of(notice))
                .isEmpty();
    }

    /** The notice has been answered, or will not be: the one that has waited and is to be answered now; empty if none has. */
    Optional<N> next(UUID group) {
        AtomicReference<N> next = new AtomicReference<>();
        waiting.computeIfPresent(group, (unused, waits) -> {
            waits.ifPresent(next::set);
            return waits.isPresent() ? Optional.empty() : null;
        });
        return Optional.ofNullable(next.get());
    }
}

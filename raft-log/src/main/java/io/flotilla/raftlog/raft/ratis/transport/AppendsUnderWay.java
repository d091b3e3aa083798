package io.flotilla.raftlog.raft.ratis.transport;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which appends are being written, by member of a group. A member whose log has failed never ends what it had begun: its
 * successor, which opens the group anew, begins with nothing under way.
 *
 * <p>Threading: safe for all threads.
 *
 * @param <M> members, told apart by identity and held weakly, since an ended one holds much memory
 */
final class AppendsUnderWay<M> {
    /** How many appends, and the last entry of all. */
    private record UnderWay<M>(WeakReference<M> member, int appends, long lastIndex) {
        boolean isOf(M other) {
            return member.refersTo(other);
        }
    }

    private final Map<UUID, UnderWay<M>> byGroup = new ConcurrentHashMap<>();

    /**
     * Notes an append, unless it begins among entries that its member is writing.
     *
     * @param firstIndex of its entries
     * @param lastIndex  of its entries
     * @return whether it was noted, so that it has to be ended
     */
    boolean begin(UUID group, M member, long firstIndex, long lastIndex) {
        boolean[] begun = {true};
        byGroup.compute(group, (unused, before) -> {
            if (before == null || !before.isOf(member)) {
                return new UnderWay<>(new WeakReference<>(member), 1, lastIndex);
            }
            begun[0] = firstIndex > before.lastIndex();
            return begun[0] ? new UnderWay<>(before.member(), before.appends() + 1, lastIndex) : before;
        });
        return begun[0];
    }

    /** An append that was noted is written, or has failed. */
    void end(UUID group, M member) {
        byGroup.computeIfPresent(group, (unused, before) -> {
            if (!before.isOf(member)) {
                return before;
            }
            return before.appends() == 1
                    ? null
                    : new UnderWay<>(before.member(), before.appends() - 1, before.lastIndex());
        });
    }
}

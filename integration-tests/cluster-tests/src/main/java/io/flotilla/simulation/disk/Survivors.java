package io.flotilla.simulation.disk;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of a disk's pending changes survive a loss of power.
 *
 * @param changes positions in the list of pending changes
 * @param torn    position of the one write of which only a part survives, -1 for none
 * @param tear    that part
 */
record Survivors(BitSet changes, int torn, @Nullable Tear tear) {
    static Survivors whole(BitSet changes) {
        return new Survivors(changes, -1, null);
    }

    boolean has(int change) {
        return changes.get(change);
    }

    @Nullable
    Tear tearOf(int change) {
        return change == torn ? tear : null;
    }

    String storyOf(List<Change> pending) {
        StringBuilder story = new StringBuilder();
        for (int i = 0; i < pending.size(); i++) {
            String fate = i == torn ? "TORN " + tear : has(i) ? "kept" : "LOST";
            story.append("\n    ").append(fate).append("  ").append(pending.get(i));
        }
        return story.isEmpty() ? "nothing was pending" : story.toString();
    }
}

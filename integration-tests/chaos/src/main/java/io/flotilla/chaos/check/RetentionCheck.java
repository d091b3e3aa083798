package io.flotilla.chaos.check;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.BoundRead;
import io.flotilla.chaos.history.Place;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * C15 of age: where only {@code retention.ms} removes records, none is removed earlier than that after its send began. If
 * a clock was made to jump meanwhile, it is C19 too. It looks at the youngest records only, which is where haste shows.
 */
final class RetentionCheck implements Check {
    private static final int YOUNGEST_MAX = 4_096;

    /** The last acknowledged records of one partition: offset, and when the send began. */
    private static final class Youngest {
        private final long retentionNanos;
        private final long[] offsets;
        private final long[] begun;
        private long count;

        private Youngest(long retentionNanos) {
            this.retentionNanos = retentionNanos;
            this.offsets = new long[retentionNanos > 0 ? YOUNGEST_MAX : 0];
            this.begun = new long[offsets.length];
        }
    }

    private final Places places;
    private final Episodes episodes;
    private final long slackNanos;
    private final Violations violations;
    private final Map<Place, Youngest> byPlace = new HashMap<>();

    RetentionCheck(Places places, Episodes episodes, JudgeSettings settings, Violations violations) {
        this.places = places;
        this.episodes = episodes;
        this.slackNanos = settings.retentionSlack().toNanos();
        this.violations = violations;
    }

    void acked(Place place, long offset, long invokedNanos) {
        Youngest youngest = byPlace.get(place);
        if (youngest == null) {
            youngest = new Youngest(retentionNanos(place));
            byPlace.put(place, youngest);
        }
        if (youngest.retentionNanos > 0) {
            int slot = (int) (youngest.count++ % YOUNGEST_MAX);
            youngest.offsets[slot] = offset;
            youngest.begun[slot] = invokedNanos;
        }
    }

    @Override
    public void see(Event event) {
        if (event instanceof BoundRead read && !read.end()) {
            Youngest youngest = byPlace.get(read.place());
            if (youngest != null && youngest.retentionNanos > 0) {
                judge(read, youngest);
            }
        }
    }

    private void judge(BoundRead read, Youngest youngest) {
        long asked = places.of(read.place()).trimAskedMax;
        long oldestKept = read.nanos() - youngest.retentionNanos + slackNanos;
        violations.judged(CheckId.C15);
        for (int i = 0; i < Math.min(youngest.count, YOUNGEST_MAX); i++) {
            long offset = youngest.offsets[i];
            if (offset < read.offset() && offset >= asked && youngest.begun[i] > oldestKept) {
                String text = String.format(
                        "offset %d is gone %.1f s after its send began, retention is %.1f s",
                        offset, (read.nanos() - youngest.begun[i]) / 1e9, youngest.retentionNanos / 1e9);
                violations.add(CheckId.C15, read.nanos(), read.place(), offset, 0, text);
                if (episodes.isActive(FaultId.CLOCK)) {
                    violations.add(CheckId.C19, read.nanos(), read.place(), offset, 0, text);
                }
                return; // one of each read is enough
            }
        }
    }

    /** 0 if records may vanish for other reasons, or never do. */
    private long retentionNanos(Place place) {
        @Nullable String millis = places.setting(place, "retention.ms");
        @Nullable String bytes = places.setting(place, "retention.bytes");
        boolean byBytes = bytes != null && !bytes.startsWith("-");
        if (millis == null || millis.startsWith("-") || byBytes) {
            return 0;
        }
        return Math.multiplyExact(Long.parseLong(millis), 1_000_000L);
    }
}

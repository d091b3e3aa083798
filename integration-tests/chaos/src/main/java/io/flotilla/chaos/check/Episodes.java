package io.flotilla.chaos.check;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.history.Event.FaultStep;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The faults of a history and when they acted, for whoever asks what was broken at a time. */
final class Episodes {
    /** One fault: from the line that says it was armed to the line that says it was taken back. */
    static final class Spell {
        private final FaultStep armed;
        private final long beganNanos;
        private long disarmedNanos = Long.MAX_VALUE;
        private boolean verified;

        private Spell(FaultStep armed, long beganNanos) {
            this.armed = armed;
            this.beganNanos = beganNanos;
        }

        FaultStep armed() {
            return armed;
        }

        /** When its arming began, which may take a while, or when it was armed if that is all the history tells. */
        long armedNanos() {
            return beganNanos;
        }

        /** {@link Long#MAX_VALUE} while it acts. */
        long disarmedNanos() {
            return disarmedNanos;
        }

        boolean isVerified() {
            return verified;
        }

        boolean is(FaultId id) {
            return armed.fault().equals(id.code()) || armed.fault().equalsIgnoreCase(id.name());
        }

        private boolean actsAt(long nanos) {
            return beganNanos <= nanos && nanos <= disarmedNanos;
        }

        @Override
        public String toString() {
            return "episode " + armed.episode() + " " + armed.fault() + " on " + armed.nodes();
        }
    }

    private final List<Spell> spells = new ArrayList<>();
    private final Map<String, ArrayDeque<Spell>> open = new LinkedHashMap<>();
    private final Map<String, Long> arming = new HashMap<>();

    void see(FaultStep step) {
        String key = step.episode() + " " + step.fault();
        switch (step.phase()) {
            case "arming" -> arming.put(key, step.nanos());
            case "armed" -> {
                Long began = arming.remove(key);
                var spell = new Spell(step, began == null ? step.nanos() : began);
                spells.add(spell);
                open.computeIfAbsent(key, ignored -> new ArrayDeque<>()).add(spell);
            }
            case "verified" -> {
                Spell spell = unverified(step);
                if (spell != null) {
                    spell.verified = true;
                }
            }
            case "disarmed" -> {
                ArrayDeque<Spell> acting = open.get(key);
                if (acting != null) {
                    acting.remove().disarmedNanos = step.nanos();
                    if (acting.isEmpty()) {
                        open.remove(key);
                    }
                }
            }
            default -> {
                // unverified: the run tells of it, and the check of vacuity judges it
            }
        }
    }

    /** The first that was not verified yet: a fault whose effect shows only afterwards is verified when it is over. */
    private @Nullable Spell unverified(FaultStep step) {
        for (Spell spell : spells) {
            FaultStep armed = spell.armed;
            if (!spell.verified
                    && armed.episode() == step.episode()
                    && armed.fault().equals(step.fault())) {
                return spell;
            }
        }
        return null;
    }

    List<Spell> spells() {
        return spells;
    }

    boolean isActive() {
        return !open.isEmpty();
    }

    boolean isActive(FaultId id) {
        return open.values().stream().anyMatch(acting -> acting.element().is(id));
    }

    /** The faults that acted at a time, in words; otherwise the last one before. */
    String at(long nanos) {
        var acting = new ArrayList<String>();
        @Nullable Spell last = null;
        for (Spell spell : spells) {
            if (spell.actsAt(nanos)) {
                acting.add(spell.toString());
            } else if (spell.disarmedNanos < nanos && (last == null || spell.disarmedNanos > last.disarmedNanos)) {
                last = spell;
            }
        }
        if (!acting.isEmpty()) {
            return "during " + String.join(", ", acting);
        }
        return last == null
                ? "before any fault"
                : String.format("%.3f s after %s", (nanos - last.disarmedNanos) / 1e9, last);
    }
}

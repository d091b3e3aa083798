package io.flotilla.chaos.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls about one register that may have had their effect at any time since they began, or never. There are many in a long
 * history, and few are different: those that write what nobody has read are alike but for when they began, so the one that
 * began first stands for all of them. One that alters to what nobody has read explains nothing and is left out.
 */
final class UncertainCalls {
    /** Each in the order of their beginnings; those in one list are alike. */
    private final List<List<RegisterCall>> kinds;

    /** How many of each kind are out: the first ones. */
    private final int[] taken;

    private UncertainCalls(List<List<RegisterCall>> kinds) {
        this.kinds = kinds;
        this.taken = new int[kinds.size()];
    }

    /** Those of all calls about a register that are uncertain. */
    static UncertainCalls of(List<RegisterCall> calls) {
        Set<String> read = new HashSet<>();
        for (RegisterCall call : calls) {
            if (call.certain() && call.call().equals("describe")) {
                read.add(call.value());
            }
        }
        Map<String, List<RegisterCall>> kinds = new HashMap<>();
        for (RegisterCall call : calls) {
            boolean isRead = read.contains(call.value());
            if (!call.certain() && (isRead || !call.call().equals("alter"))) {
                String kind = call.call() + (isRead ? call.value() : "");
                kinds.computeIfAbsent(kind, unused -> new ArrayList<>()).add(call);
            }
        }
        kinds.values().forEach(kind -> kind.sort(Comparator.comparingLong(RegisterCall::invoked)));
        return new UncertainCalls(kinds.values().stream()
                .sorted(Comparator.comparingLong(kind -> kind.get(0).op()))
                .toList());
    }

    /** How many different ones there are to choose from. */
    int options() {
        return kinds.size();
    }

    /**
     * What the register holds after one of them.
     *
     * @param untilNanos before which it must have begun
     * @return null if there is none left that had begun, or it cannot have its effect
     */
    @Nullable
    String after(int option, String register, long untilNanos) {
        List<RegisterCall> kind = kinds.get(option);
        if (taken[option] == kind.size()) {
            return null;
        }
        RegisterCall next = kind.get(taken[option]);
        return next.invoked() <= untilNanos ? next.after(register) : null;
    }

    void take(int option) {
        taken[option]++;
    }

    void putBack(int option) {
        taken[option]--;
    }

    Used used() {
        return new Used(taken.clone());
    }

    /** How many of each were used up. */
    static final class Used {
        private final int[] counts;

        private Used(int[] counts) {
            this.counts = counts;
        }

        /** Whether whatever can follow the other can follow this one. */
        boolean isNoMoreThan(Used other) {
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] > other.counts[i]) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return Arrays.toString(counts);
        }
    }
}

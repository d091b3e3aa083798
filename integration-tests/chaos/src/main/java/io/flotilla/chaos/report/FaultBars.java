package io.flotilla.chaos.report;

import io.flotilla.chaos.history.Event.FaultStep;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Puts the steps of faults together.
 *
 * <p>Threading: confined to the reader of the history.
 */
final class FaultBars {
    /** Faults beyond it are counted and not drawn. */
    private static final int BARS_MAX = 20_000;

    /** The order of N1 to N28. */
    static final Comparator<String> BY_CODE =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    private final List<Open> bars = new ArrayList<>();
    private long count;

    private static final class Open {
        private final FaultStep armed;
        private long endNanos = -1;
        private boolean verified;
        private boolean unverified;
        private String proof = "";

        private Open(FaultStep armed) {
            this.armed = armed;
        }

        private FaultBar bar(long lastNanos) {
            return new FaultBar(
                    armed.episode(),
                    armed.fault(),
                    armed.nodes(),
                    armed.nanos(),
                    endNanos < 0 ? lastNanos : endNanos,
                    verified,
                    unverified,
                    proof,
                    armed.parameters(),
                    armed.detail());
        }
    }

    void step(FaultStep step) {
        if (step.phase().equals("armed")) {
            count++;
            if (bars.size() < BARS_MAX) {
                bars.add(new Open(step));
            }
            return;
        }
        Open open = openOf(step);
        if (open == null) {
            return;
        }
        switch (step.phase()) {
            case "verified" -> {
                open.verified = true;
                open.proof = step.detail();
            }
            case "unverified" -> {
                open.unverified = true;
                open.proof = step.detail();
            }
            case "disarmed" -> open.endNanos = step.nanos();
            default -> {}
        }
    }

    /** Steps of one fault share its episode and kind, and mostly its nodes. */
    @SuppressWarnings("NullAway") // null where no fault was armed that the step could belong to
    private Open openOf(FaultStep step) {
        Open same = null;
        for (int i = bars.size() - 1; i >= 0; i--) {
            Open bar = bars.get(i);
            boolean of =
                    bar.armed.episode() == step.episode() && bar.armed.fault().equals(step.fault());
            if (of && (bar.endNanos < 0 || !step.phase().equals("disarmed"))) {
                if (bar.armed.nodes().equals(step.nodes())) {
                    return bar;
                }
                same = bar;
            }
            if (bar.armed.episode() < step.episode()) {
                break;
            }
        }
        return same;
    }

    /** Armed, those not kept included. */
    long count() {
        return count;
    }

    List<FaultBar> finish(long lastNanos) {
        return bars.stream().map(open -> open.bar(lastNanos)).toList();
    }

    /** Nodes of all bars. */
    static List<Integer> nodesOf(Collection<FaultBar> bars) {
        return bars.stream()
                .flatMap(bar -> bar.nodes().stream())
                .distinct()
                .sorted()
                .toList();
    }
}

package io.flotilla.chaos.check;

import io.flotilla.chaos.check.CheckResult.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a linearization of calls about one register: Wing and Gong's search (Testing and Verifying Concurrent Objects,
 * 1993) with Lowe's memory of configurations (Testing for Linearizability, 2017), as Porcupine does it. A list has the
 * beginning and the end of each call in the order of time; the search takes calls out of it whose beginning comes before
 * the first end, and goes back when none of them fits.
 */
final class RegisterSearch {
    private static final int CONFIGURATIONS_MAX = 500_000;
    private static final int STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 1_024;

    /** A place in the list: the beginning of a call, or its end. */
    private static final class Node {
        private final int call;
        private final @Nullable Node end; // of a beginning
        private @Nullable Node before;
        private @Nullable Node after;

        private Node(int call, @Nullable Node end) {
            this.call = call;
            this.end = end;
        }
    }

    /** Which calls are out, as the sum of random numbers of theirs, and what the register holds then. */
    private record Configuration(long low, long high, String register) {}

    private record Step(Node begin, String registerBefore) {}

    private final List<RegisterCall> calls;
    private final String first;
    private final long nanosMax;
    private final Node head = new Node(-1, null);
    private int deepest = -1;
    private String deepestRegister = "";
    private @Nullable RegisterCall stuck;
    private String limit = "";

    RegisterSearch(List<RegisterCall> calls, boolean exists, long nanosMax) {
        this.calls = calls;
        this.first = exists ? RegisterCall.ANY : "";
        this.nanosMax = nanosMax;
    }

    Status run() {
        link();
        long began = System.nanoTime();
        var random = new SplittableRandom(calls.size());
        long[] lows = random.longs(calls.size()).toArray();
        long[] highs = random.longs(calls.size()).toArray();
        long low = 0;
        long high = 0;
        Set<Configuration> seen = new HashSet<>();
        var path = new ArrayList<Step>();
        String register = first;
        Node at = head.after;
        long steps = 0;
        while (head.after != null) {
            if (++steps % STEPS_BETWEEN_LOOKS_AT_THE_CLOCK == 0 && System.nanoTime() - began > nanosMax) {
                limit = "no answer within " + nanosMax / 1_000_000 + " ms";
                return Status.UNKNOWN;
            }
            Node end = at == null ? null : at.end;
            if (at != null && end != null) {
                String next = calls.get(at.call).after(register);
                if (next != null) {
                    if (seen.add(new Configuration(low ^ lows[at.call], high ^ highs[at.call], next))) {
                        if (seen.size() > CONFIGURATIONS_MAX) {
                            limit = "no answer after " + CONFIGURATIONS_MAX + " configurations";
                            return Status.UNKNOWN;
                        }
                        path.add(new Step(at, register));
                        lift(at, end);
                        low ^= lows[at.call];
                        high ^= highs[at.call];
                        register = next;
                        at = head.after;
                        continue;
                    }
                }
                at = at.after;
            } else {
                if (path.size() > deepest && at != null) {
                    deepest = path.size();
                    stuck = calls.get(at.call);
                    deepestRegister = register;
                }
                if (path.isEmpty()) {
                    return Status.INVALID;
                }
                Step last = path.remove(path.size() - 1);
                register = last.registerBefore;
                low ^= lows[last.begin.call];
                high ^= highs[last.begin.call];
                putBack(last.begin);
                at = last.begin.after;
            }
        }
        return Status.VALID;
    }

    /** When the call ended before which none fits. */
    long stuckNanos() {
        return stuck == null ? -1 : stuck.returned();
    }

    String explanation() {
        if (!limit.isEmpty()) {
            return limit;
        }
        return "no order explains the answers: after " + deepest + " calls, with '" + deepestRegister
                + "' there, nothing fits before the end of " + stuck;
    }

    private void link() {
        record Moment(long nanos, boolean isEnd, int call) {}
        var moments = new ArrayList<Moment>();
        for (int i = 0; i < calls.size(); i++) {
            moments.add(new Moment(calls.get(i).invoked(), false, i));
            moments.add(new Moment(calls.get(i).returned(), true, i));
        }
        // A call that begins when another ends is concurrent with it.
        moments.sort(Comparator.comparingLong(Moment::nanos).thenComparing(Moment::isEnd));
        var ends = new Node[calls.size()];
        Arrays.setAll(ends, i -> new Node(i, null));
        Node last = head;
        for (Moment moment : moments) {
            Node node = moment.isEnd ? ends[moment.call] : new Node(moment.call, ends[moment.call]);
            last.after = node;
            node.before = last;
            last = node;
        }
    }

    private static void lift(Node begin, Node end) {
        unlink(begin);
        unlink(end);
    }

    private static void putBack(Node begin) {
        if (begin.end != null) {
            relink(begin.end);
        }
        relink(begin);
    }

    private static void unlink(Node node) {
        if (node.before != null) {
            node.before.after = node.after;
        }
        if (node.after != null) {
            node.after.before = node.before;
        }
    }

    private static void relink(Node node) {
        if (node.before != null) {
            node.before.after = node;
        }
        if (node.after != null) {
            node.after.before = node;
        }
    }
}

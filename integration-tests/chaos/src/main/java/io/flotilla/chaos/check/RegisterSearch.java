package io.flotilla.chaos.check;

import io.flotilla.chaos.check.CheckResult.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a linearization of calls about one register: Wing and Gong's search (Testing and Verifying Concurrent Objects,
 * 1993) with Lowe's memory of configurations (Testing for Linearizability, 2017), as Porcupine does it. A list has the
 * beginning and the end of each call in the order of time; the search takes calls out of it whose beginning comes before
 * the first end, and goes back when none of them fits.
 *
 * <p>Calls whose effect is not certain are in no list: they are tried where no other fits, as {@link UncertainCalls} offers
 * them. A configuration is not looked at again if the same calls were out before and no more of those used up.
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

    /**
     * One call taken.
     *
     * @param begin  of a certain call; null for the other kind
     * @param option else which of the uncertain calls
     */
    private record Step(@Nullable Node begin, int option, String registerBefore) {}

    private final List<RegisterCall> calls;
    private final UncertainCalls uncertain;
    private final String first;
    private final long nanosMax;
    private final Node head = new Node(-1, null);
    private final long[] lows;
    private final long[] highs;
    private final Map<Configuration, List<UncertainCalls.Used>> seen = new HashMap<>();
    private final List<Step> path = new ArrayList<>();
    private long low;
    private long high;
    private int configurations;
    private int deepest = -1;
    private String deepestRegister = "";
    private @Nullable RegisterCall stuck;
    private String limit = "";

    RegisterSearch(List<RegisterCall> all, boolean exists, long nanosMax) {
        this.calls = all.stream().filter(RegisterCall::certain).toList();
        this.uncertain = UncertainCalls.of(all);
        this.first = exists ? RegisterCall.ANY : "";
        this.nanosMax = nanosMax;
        var random = new SplittableRandom(all.size());
        this.lows = random.longs(calls.size()).toArray();
        this.highs = random.longs(calls.size()).toArray();
    }

    Status run() {
        link();
        long began = System.nanoTime();
        String register = first;
        Node at = head.after;
        int option = 0;
        long steps = 0;
        while (head.after != null) {
            if (++steps % STEPS_BETWEEN_LOOKS_AT_THE_CLOCK == 0 && System.nanoTime() - began > nanosMax) {
                limit = "no answer within " + nanosMax / 1_000_000 + " ms";
                return Status.UNKNOWN;
            }
            if (configurations > CONFIGURATIONS_MAX) {
                limit = "no answer after " + CONFIGURATIONS_MAX + " configurations";
                return Status.UNKNOWN;
            }
            if (at == null) {
                throw new IllegalStateException("no call has an end");
            }
            String next;
            if (at.end != null) {
                next = calls.get(at.call).after(register);
                if (next == null || !take(at, register, next)) {
                    at = at.after;
                    continue;
                }
            } else if (option < uncertain.options()) {
                next = uncertain.after(option, register, calls.get(at.call).returned());
                if (next == null || !take(option, register, next)) {
                    option++;
                    continue;
                }
            } else {
                noteDepth(at, register);
                if (path.isEmpty()) {
                    return Status.INVALID;
                }
                Step last = path.remove(path.size() - 1);
                register = last.registerBefore;
                if (last.begin != null) {
                    putBack(last.begin);
                    at = last.begin.after;
                    option = 0;
                } else {
                    uncertain.putBack(last.option);
                    option = last.option + 1;
                    at = firstEnd();
                }
                continue;
            }
            register = next;
            at = head.after;
            option = 0;
        }
        return Status.VALID;
    }

    /** @return false if what follows is known to lead nowhere */
    private boolean take(Node begin, String register, String next) {
        lift(begin);
        if (isNew(next)) {
            path.add(new Step(begin, -1, register));
            return true;
        }
        putBack(begin);
        return false;
    }

    private boolean take(int option, String register, String next) {
        uncertain.take(option);
        if (isNew(next)) {
            path.add(new Step(null, option, register));
            return true;
        }
        uncertain.putBack(option);
        return false;
    }

    private boolean isNew(String register) {
        List<UncertainCalls.Used> before =
                seen.computeIfAbsent(new Configuration(low, high, register), unused -> new ArrayList<>(1));
        UncertainCalls.Used used = uncertain.used();
        if (before.stream().anyMatch(other -> other.isNoMoreThan(used))) {
            return false;
        }
        before.removeIf(used::isNoMoreThan);
        before.add(used);
        configurations++;
        return true;
    }

    private void noteDepth(Node end, String register) {
        if (path.size() > deepest) {
            deepest = path.size();
            stuck = calls.get(end.call);
            deepestRegister = register;
        }
    }

    private @Nullable Node firstEnd() {
        Node at = head.after;
        while (at != null && at.end != null) {
            at = at.after;
        }
        return at;
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

    private void lift(Node begin) {
        unlink(begin);
        if (begin.end != null) {
            unlink(begin.end);
        }
        low ^= lows[begin.call];
        high ^= highs[begin.call];
    }

    private void putBack(Node begin) {
        if (begin.end != null) {
            relink(begin.end);
        }
        relink(begin);
        low ^= lows[begin.call];
        high ^= highs[begin.call];
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

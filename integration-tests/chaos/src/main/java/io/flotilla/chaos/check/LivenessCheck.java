package io.flotilla.chaos.check;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.AdminCompleted;
import io.flotilla.chaos.history.Event.AdminInvoked;
import io.flotilla.chaos.history.Event.ClientStuck;
import io.flotilla.chaos.history.Event.CommitCompleted;
import io.flotilla.chaos.history.Event.CommitInvoked;
import io.flotilla.chaos.history.Event.FaultStep;
import io.flotilla.chaos.history.Event.PhaseBegan;
import io.flotilla.chaos.history.Event.SendCompleted;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * C18: while no fault is active, nor has been within a time of grace, a partition to which clients send accepts something
 * within some seconds; after the last fault all partitions do soon; no call lasts very long; and what a fault has changed can
 * be changed back, as replicas can that it had moved. Whether a silence lies in such a time is decided at the end, when all
 * faults are known.
 */
final class LivenessCheck implements Check {
    private static final int SILENCES_MAX = 100_000;

    /** After so long without a call that was open, a new one begins a new silence. */
    private static final long IDLE_NANOS = 1_000_000_000;

    /** Parts of errors that are the sender's own: they say nothing about the partition. */
    private static final List<String> SENDERS_OWN =
            List.of("FENCED", "INVALID", "AUTHORI", "TOO_LARGE", "SEQUENCE", "UNKNOWN_TOPIC", "NOT_FOUND", "EPOCH");

    private static final long[] NEVER = {-1};

    private record Silence(Place place, long from, long to) {}

    /** What one partition's senders wait for. */
    private static final class Waiting {
        private int open;
        private long since = -1; // -1: nobody waits
        private long lastNanos;
        private long firstTryAfterHeal = -1;
        private long firstOkAfterHeal = -1;
    }

    private final Episodes episodes;
    private final JudgeSettings settings;
    private final Violations violations;
    private final Map<Place, Waiting> waiting = new LinkedHashMap<>();
    private final List<Silence> silences = new ArrayList<>();
    private final Map<Long, Long> calls = new HashMap<>();
    private final Map<Integer, long[]> active = new HashMap<>(); // when a process has last begun or ended a send
    private final List<String> leftOpen = new ArrayList<>();
    private long healedNanos = -1;
    private long trafficEnd = -1;
    private long lastNanos;

    LivenessCheck(Episodes episodes, JudgeSettings settings, Violations violations) {
        this.episodes = episodes;
        this.settings = settings;
        this.violations = violations;
    }

    void sendInvoked(Place place, long nanos, int process) {
        active.computeIfAbsent(process, ignored -> new long[1])[0] = nanos;
        Waiting state = waiting.computeIfAbsent(place, ignored -> new Waiting());
        if (state.open == 0 && (state.since < 0 || nanos - state.lastNanos > IDLE_NANOS)) {
            state.since = nanos;
        }
        state.open++;
        state.lastNanos = nanos;
        lastNanos = nanos;
        if (healedNanos >= 0 && state.firstTryAfterHeal < 0) {
            state.firstTryAfterHeal = nanos;
        }
    }

    void sendCompleted(Place place, SendCompleted sent, long invokedNanos) {
        Waiting state = waiting.computeIfAbsent(place, ignored -> new Waiting());
        long nanos = sent.nanos();
        active.computeIfAbsent(sent.process(), ignored -> new long[1])[0] = nanos;
        state.open--;
        state.lastNanos = nanos;
        lastNanos = nanos;
        violations.judged(CheckId.C18);
        lasted("send to " + place, nanos, invokedNanos);
        if (sent.outcome() == Outcome.OK) {
            silence(place, state.since, nanos);
            state.since = state.open > 0 ? nanos : -1;
            if (healedNanos >= 0 && state.firstOkAfterHeal < 0) {
                state.firstOkAfterHeal = nanos;
            }
        } else if (state.open == 0 && isSendersOwn(sent)) {
            state.since = -1;
        }
    }

    /** A send of which the history never tells the end; nobody is stuck who did something else since. */
    void sendLeftOpen(Place place, long invokedNanos, int process) {
        long end = trafficEnd >= 0 ? trafficEnd : lastNanos;
        if (end - Math.max(invokedNanos, active.getOrDefault(process, NEVER)[0])
                > settings.stuckMax().toNanos()) {
            leftOpen.add(String.format(
                    "process %d: its send to %s, begun at %.3f s, never ended", process, place, invokedNanos / 1e9));
        }
    }

    private static boolean isSendersOwn(SendCompleted sent) {
        String error = sent.error().toUpperCase(Locale.ROOT);
        return sent.outcome() == Outcome.FAIL && SENDERS_OWN.stream().anyMatch(error::contains);
    }

    @Override
    public void see(Event event) {
        lastNanos = event.nanos();
        if (event instanceof PhaseBegan began) {
            phase(began);
        } else if (event instanceof CommitInvoked commit) {
            calls.put(-1 - ((long) commit.consumer() << 40 | commit.op()), commit.nanos());
        } else if (event instanceof CommitCompleted completed) {
            completed("commit", -1 - ((long) completed.consumer() << 40 | completed.op()), completed.nanos());
        } else if (event instanceof AdminInvoked invoked) {
            calls.put((long) invoked.process() << 40 | invoked.op(), invoked.nanos());
        } else if (event instanceof AdminCompleted completed) {
            completed("administrative call", (long) completed.process() << 40 | completed.op(), completed.nanos());
        } else if (event instanceof FaultStep step
                && step.phase().equals("disarmed")
                && !step.detail().isEmpty()) {
            violations.judged(CheckId.C18);
            violations.add(
                    CheckId.C18,
                    step.nanos(),
                    String.format(
                            "episode %d %s on %s was not taken back: %s",
                            step.episode(), step.fault(), step.nodes(), step.detail()));
        } else if (event instanceof ClientStuck stuck) {
            violations.judged(CheckId.C18);
            violations.add(
                    CheckId.C18,
                    stuck.nanos(),
                    String.format("client thread %s has been stuck for %d s", stuck.thread(), stuck.seconds()));
        }
    }

    private void phase(PhaseBegan began) {
        if (began.phase().equals("healed")) {
            healedNanos = began.nanos();
            waiting.values().forEach(state -> {
                state.firstTryAfterHeal = state.open > 0 ? began.nanos() : -1;
                state.firstOkAfterHeal = -1;
            });
        } else if ((began.phase().equals("final") || began.phase().equals("ended")) && trafficEnd < 0) {
            trafficEnd = began.nanos();
            waiting.forEach((place, state) -> silence(place, state.open > 0 ? state.since : -1, trafficEnd));
        }
    }

    private void completed(String what, long key, long nanos) {
        Long invoked = calls.remove(key);
        if (invoked != null) {
            lasted(what, nanos, invoked);
        }
    }

    private void lasted(String what, long nanos, long invokedNanos) {
        if (nanos - invokedNanos > settings.stuckMax().toNanos()) {
            violations.add(
                    CheckId.C18, nanos, String.format("a %s has lasted %.1f s", what, (nanos - invokedNanos) / 1e9));
        }
    }

    private void silence(Place place, long from, long to) {
        if (from >= 0 && to - from > settings.silenceMax().toNanos() && trafficEnd <= to) {
            if (silences.size() < SILENCES_MAX) {
                silences.add(new Silence(place, from, to));
            } else {
                violations.unknown(CheckId.C18, "more than " + SILENCES_MAX + " silences");
            }
        }
    }

    @Override
    public void end() {
        if (trafficEnd < 0) {
            trafficEnd = lastNanos;
            waiting.forEach((place, state) -> silence(place, state.open > 0 ? state.since : -1, trafficEnd));
        }
        HealthyTimes healthy = HealthyTimes.of(episodes, settings, trafficEnd);
        for (Silence silence : silences) {
            long silent = healthy.longestWithin(silence.from, silence.to);
            if (silent > settings.silenceMax().toNanos()) {
                violations.add(
                        CheckId.C18,
                        silence.to,
                        silence.place,
                        -1,
                        0,
                        String.format(
                                "nothing was accepted from %.3f s to %.3f s, %.1f s of it without a fault",
                                silence.from / 1e9, silence.to / 1e9, silent / 1e9));
            }
        }
        if (healedNanos >= 0) {
            waiting.forEach(this::recovered);
        }
        boolean clientsWereKilled = episodes.spells().stream().anyMatch(spell -> spell.is(FaultId.CLIENT_FAULT));
        if (clientsWereKilled) {
            violations.note(
                    CheckId.C18, "sends that never ended, of clients that were killed perhaps", leftOpen.size());
        } else {
            leftOpen.forEach(text -> violations.add(CheckId.C18, trafficEnd, text));
        }
    }

    private void recovered(Place place, Waiting state) {
        long limit = settings.recoveryMax().toNanos();
        long tried = state.firstTryAfterHeal;
        if (tried < 0) {
            violations.note(CheckId.C18, "partitions without sends after all faults were over");
        } else if (state.firstOkAfterHeal < 0
                ? trafficEnd - tried >= limit
                : state.firstOkAfterHeal - healedNanos > limit
                        && state.firstOkAfterHeal - tried
                                > settings.silenceMax().toNanos()) {
            violations.add(
                    CheckId.C18,
                    trafficEnd,
                    place,
                    -1,
                    0,
                    "after all faults were over "
                            + (state.firstOkAfterHeal < 0
                                    ? "nothing was accepted any more"
                                    : String.format(
                                            "it took %.1f s until a send was accepted",
                                            (state.firstOkAfterHeal - healedNanos) / 1e9)));
        }
    }
}

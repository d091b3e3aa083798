package io.flotilla.bitrot;

import io.flotilla.bitrot.Replicas.State;
import io.flotilla.cluster.Awaiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Watches the broker that started on damaged files until it is sound again, and says what became of each damage. */
final class Judge {
    /** Longest time for all damage of a round to be found and repaired. */
    static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Longest time, once all replicas are sound, for damage that remains on the disk to be noticed. */
    private static final Duration NOTICE_PATIENCE = Duration.ofSeconds(5);

    private final Replicas replicas;
    private final Victim victim;
    private final BrokersLog log;
    private Set<String> quarantinedBefore = Set.of();
    private SortedMap<Integer, State> states = new TreeMap<>();

    Judge(Replicas replicas, Victim victim, BrokersLog log) {
        this.replicas = replicas;
        this.victim = victim;
        this.log = log;
    }

    /** What the log and the quarantine hold now belongs to earlier rounds. */
    void beginRound() throws IOException {
        log.mark();
        quarantinedBefore = victim.quarantined();
    }

    /** Waits until the replicas of these partitions are sound and no damage remains, or patience ends. */
    void await(Collection<Integer> partitions, List<Damage> damages) {
        Map<Integer, Long> ends = replicas.ends();
        long beganNanos = System.nanoTime();
        long[] soundNanos = {0};
        states = new TreeMap<>();
        Awaiting.until(
                PATIENCE.multipliedBy(2), // the condition below comes true before
                "a judgement",
                () -> {
                    states = replicas.look(partitions, ends, false);
                    long now = System.nanoTime();
                    if (isSound()) {
                        soundNanos[0] = soundNanos[0] == 0 ? now : soundNanos[0];
                        return damages.stream().noneMatch(Judge::isLeft)
                                || now - soundNanos[0] > NOTICE_PATIENCE.toNanos();
                    }
                    soundNanos[0] = 0;
                    return now - beganNanos > PATIENCE.toNanos();
                },
                () -> states.toString());
        if (!isSound()) {
            states = replicas.look(partitions, ends, true);
        }
    }

    /** Whether all replicas were sound at the last look. */
    boolean isSound() {
        return states.values().stream().allMatch(state -> state == State.SOUND);
    }

    /** The partitions whose replicas were not. */
    Set<Integer> unsound() {
        Set<Integer> unsound = new HashSet<>(states.keySet());
        unsound.removeIf(partition -> states.get(partition) == State.SOUND);
        return unsound;
    }

    private static boolean isLeft(Damage damage) {
        try {
            return damage.remains() && !damage.meansNothing();
        } catch (IOException changedMeanwhile) {
            return true;
        }
    }

    /** As of the last look. */
    Map<Damage, Fate> fates(List<Damage> damages) throws IOException {
        Map<Damage, Fate> fates = new LinkedHashMap<>();
        for (Damage damage : damages) {
            fates.put(damage, fateOf(damage));
        }
        return fates;
    }

    private Fate fateOf(Damage damage) throws IOException {
        State state = damage.unit().partition().isPresent()
                ? states.getOrDefault(damage.unit().partition().getAsInt(), State.CLOSED)
                : states.values().stream().max(State::compareTo).orElse(State.CLOSED);
        return switch (state) {
            case CLOSED -> Fate.STOPPED;
            case DIFFERENT -> Fate.UNNOTICED;
            case SOUND -> fateOfSound(damage);
        };
    }

    private Fate fateOfSound(Damage damage) throws IOException {
        boolean told = !evidence(damage.unit()).isEmpty();
        if (!damage.remains() || (damage.isLossOfNumberedFile() && told)) {
            return told ? Fate.REPAIRED : Fate.REWRITTEN;
        }
        return damage.meansNothing() ? Fate.PADDING : Fate.UNNOTICED;
    }

    /** What the brokers have said of a unit since the round began, and put into the victim's quarantine. */
    List<String> evidence(Unit unit) {
        try {
            Set<String> found = new HashSet<>(victim.quarantined());
            found.removeAll(quarantinedBefore);
            found.addAll(log.loud());
            return found.stream().filter(unit::isNamedIn).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the brokers' log", failure);
        }
    }
}

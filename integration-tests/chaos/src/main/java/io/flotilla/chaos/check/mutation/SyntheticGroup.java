package io.flotilla.chaos.check.mutation;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.history.Records;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A group whose members read, commit, and pass partitions on; some members vanish without a word. */
final class SyntheticGroup {
    private static final int MEMBERS = 3;
    private static final int FIRST_CONSUMER = 5_000;
    private static final int RECORDS_MAX = 50;

    private final String name;
    private final List<SyntheticLog> logs;
    private final SplittableRandom random;
    private final SyntheticClock clock;
    private final Consumer<Event> out;
    private final Map<Place, Long> committed = new HashMap<>();
    private final Map<Place, Long> positions = new HashMap<>();
    private final Map<Place, Integer> owners = new HashMap<>();
    private final List<Integer> members = new ArrayList<>();
    private int nextConsumer = FIRST_CONSUMER;
    private int generation;

    SyntheticGroup(
            String name, List<SyntheticLog> logs, SplittableRandom random, SyntheticClock clock, Consumer<Event> out) {
        this.name = name;
        this.logs = logs;
        this.random = random;
        this.clock = clock;
        this.out = out;
    }

    /** A member joins and, if there are enough, one leaves, in order or not; then all partitions are given out anew. */
    void rebalance() {
        generation++;
        boolean crash = members.size() >= MEMBERS && random.nextBoolean();
        int gone = members.size() >= MEMBERS ? members.remove(0) : -1;
        for (SyntheticLog log : logs) {
            Integer owner = owners.remove(log.place());
            if (owner != null && !(crash && owner == gone)) {
                out.accept(new Event.Revoked(clock.next(), name, owner, generation - 1, List.of(log.place()), false));
            }
        }
        members.add(nextConsumer++);
        Map<Integer, List<Place>> shares = new TreeMap<>();
        for (int i = 0; i < logs.size(); i++) {
            int member = members.get((i + generation) % members.size());
            shares.computeIfAbsent(member, ignored -> new ArrayList<>())
                    .add(logs.get(i).place());
        }
        shares.forEach((member, places) -> {
            out.accept(new Event.Assigned(clock.next(), name, member, generation, places));
            for (Place place : places) {
                owners.put(place, member);
                positions.put(place, committed.getOrDefault(place, 0L));
                out.accept(new Event.PositionSet(clock.next(), member, place, positionIn(place)));
            }
        });
    }

    void work() {
        SyntheticLog log = logs.get(random.nextInt(logs.size()));
        int owner = ownerOf(log);
        switch (random.nextInt(4)) {
            case 0 -> commit(log, owner, random.nextInt(20) > 0);
            case 1 -> ask(log);
            default -> poll(log, owner);
        }
    }

    void finish() {
        for (SyntheticLog log : logs) {
            commit(log, ownerOf(log), true);
        }
    }

    private void poll(SyntheticLog log, int owner) {
        long position = positionIn(log.place());
        long asked = clock.next();
        Records records = log.read(position, 1 + random.nextInt(RECORDS_MAX));
        if (records.size() > 0) {
            out.accept(new Event.Polled(clock.next(), asked, owner, log.place(), records));
            positions.put(log.place(), position + records.size());
        }
    }

    private void commit(SyntheticLog log, int owner, boolean known) {
        long offset = positionIn(log.place());
        long op = clock.op();
        out.accept(new Event.CommitInvoked(clock.next(), op, name, owner, generation, log.place(), offset));
        if (known || random.nextBoolean()) {
            committed.put(log.place(), offset);
        }
        out.accept(new Event.CommitCompleted(
                clock.next(), op, name, owner, known ? Outcome.OK : Outcome.INFO, known ? "" : "TIMEOUT"));
    }

    private void ask(SyntheticLog log) {
        long asked = clock.next();
        long offset = committed.getOrDefault(log.place(), -1L);
        out.accept(new Event.CommittedRead(clock.next(), asked, 52, name, log.place(), offset));
    }

    private int ownerOf(SyntheticLog log) {
        return Objects.requireNonNull(owners.get(log.place()));
    }

    private long positionIn(Place place) {
        return Objects.requireNonNull(positions.get(place));
    }
}

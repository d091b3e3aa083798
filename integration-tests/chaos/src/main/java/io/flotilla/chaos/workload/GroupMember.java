package io.flotilla.chaos.workload;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.port.Answer;
import io.flotilla.chaos.port.ClientPort;
import io.flotilla.chaos.port.MemberListener;
import io.flotilla.chaos.port.MemberOptions;
import io.flotilla.chaos.port.MemberPort;
import io.flotilla.chaos.port.OutOfRange;
import io.flotilla.chaos.port.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One member of a group with connections of its own: it polls, takes what it got for processed, and commits that, waiting
 * for the answer or not. It leaves in order, or crashes, after which nothing of it is written any more; or it lingers: it
 * hangs for longer than its group waits for it, and then commits what it had.
 *
 * <p>Generations are counted by the harness, over the whole group, since the SDK tells none: of two assignments of a partition
 * the later one has the higher generation.
 *
 * <p>Threading: one thread steps; {@link #crash}, {@link #linger} and {@link #leave} are called by another.
 */
final class GroupMember implements ClientThreads.Step {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Recorder recorder;
    private final ClientPort client;
    private final MemberPort port;
    private final Reading reading;
    private final String group;
    private final AtomicInteger generations;
    private final SplittableRandom random;
    private final Map<Place, Integer> held = new HashMap<>();
    private final Map<Place, Long> uncommitted = new HashMap<>();
    private final long lingerMillis;
    private volatile boolean lingers;
    private volatile boolean hangs;
    private volatile boolean crashed;

    GroupMember(Scene scene, GroupOptions options, AtomicInteger generations, SplittableRandom random) {
        this.recorder = scene.recorder();
        this.group = options.group();
        this.generations = generations;
        this.random = random;
        this.reading = new Reading(scene.recorder(), scene.values());
        this.lingerMillis = options.pollIntervalMax().toMillis() * 2;
        this.client = scene.connect();
        this.port = client.member(
                new MemberOptions(
                        options.group(),
                        Set.of(options.topic().name()),
                        "member-" + reading.consumer(),
                        options.sessionTimeout(),
                        options.pollIntervalMax()),
                new Listening());
    }

    int consumer() {
        return reading.consumer();
    }

    @Override
    public void run() throws InterruptedException {
        long startNanos = recorder.nanos();
        List<Received> received;
        try {
            received = port.poll(POLL);
        } catch (OutOfRange outside) {
            returnToRange(outside);
            return;
        } catch (IllegalStateException closed) {
            if (!crashed) {
                throw closed;
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
            return;
        }
        synchronized (this) {
            if (crashed) {
                return;
            }
            reading.polled(startNanos, received);
        }
        received.forEach(one -> uncommitted.put(one.place(), one.offset() + 1));
        if (lingers && !uncommitted.isEmpty()) {
            lingers = false;
            hang();
        }
        if (!uncommitted.isEmpty()) {
            commit(Set.copyOf(uncommitted.keySet()), random.nextInt(3) == 0);
        }
    }

    private void hang() throws InterruptedException {
        hangs = true;
        try {
            TimeUnit.MILLISECONDS.sleep(lingerMillis);
        } finally {
            hangs = false;
        }
    }

    /** Nobody trims the group's topic: a partition that ends before its position has lost records. */
    private synchronized void returnToRange(OutOfRange outside) {
        recorder.count("group out of range", 1);
        for (Place place : Set.copyOf(held.keySet())) {
            if (reading.positions().getOrDefault(place, -1L) == outside.offset()) {
                port.seek(place, outside.logStart());
                reading.set(place, outside.logStart());
            }
        }
    }

    private void commit(Set<Place> places, boolean waits) {
        Map<Place, Long> offsets = new HashMap<>();
        Map<Place, Long> ops = new HashMap<>();
        synchronized (this) {
            for (Place place : places) {
                Long offset = uncommitted.remove(place);
                Integer generation = held.get(place);
                if (!crashed && offset != null && generation != null) {
                    long op = recorder.nextOp();
                    offsets.put(place, offset);
                    ops.put(place, op);
                    recorder.write(
                            nanos -> new Event.CommitInvoked(nanos, op, group, consumer(), generation, place, offset));
                }
            }
        }
        if (offsets.isEmpty()) {
            return;
        }
        if (waits) {
            committed(ops, port.commit(offsets));
        } else {
            var unused = port.commitAsync(offsets).thenAccept(answer -> committed(ops, answer));
        }
    }

    private synchronized void committed(Map<Place, Long> ops, Answer<Boolean> answer) {
        if (crashed) {
            return;
        }
        ops.values()
                .forEach(op -> recorder.write(nanos ->
                        new Event.CommitCompleted(nanos, op, group, consumer(), answer.outcome(), answer.error())));
        recorder.count("commit", answer.outcome());
    }

    private final class Listening implements MemberListener {
        @Override
        public void assigned(Set<Place> places) {
            int generation = generations.incrementAndGet();
            synchronized (GroupMember.this) {
                if (crashed) {
                    return;
                }
                places.forEach(place -> held.put(place, generation));
                recorder.write(nanos -> new Event.Assigned(nanos, group, consumer(), generation, List.copyOf(places)));
            }
            for (Place place : places) {
                Answer<Long> position = port.position(place);
                synchronized (GroupMember.this) {
                    if (position.isOk() && !crashed) {
                        reading.set(place, position.get());
                    }
                }
            }
        }

        @Override
        public void revoked(Set<Place> places) {
            commit(places, true);
            release(places, false);
        }

        @Override
        public void lost(Set<Place> places) {
            uncommitted.keySet().removeAll(places);
            release(places, true);
        }
    }

    private synchronized void release(Set<Place> places, boolean lost) {
        Map<Integer, List<Place>> byGeneration = new HashMap<>();
        for (Place place : Set.copyOf(places)) {
            Integer generation = held.remove(place);
            if (generation != null) {
                byGeneration.merge(generation, List.of(place), GroupMember::both);
                reading.drop(place);
            }
        }
        if (!crashed) {
            byGeneration.forEach((generation, some) ->
                    recorder.write(nanos -> new Event.Revoked(nanos, group, consumer(), generation, some, lost)));
        }
    }

    private static List<Place> both(List<Place> some, List<Place> more) {
        List<Place> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    /** Hangs, for longer than its group waits, as soon as it has something to commit. */
    void linger() {
        lingers = true;
    }

    /** Whether it hangs now. Who ends it then keeps it from committing too late. */
    boolean hangs() {
        return hangs;
    }

    /** Everything is cut off; the group will find out by itself. */
    void crash() {
        synchronized (this) {
            release(Set.copyOf(held.keySet()), true);
            crashed = true;
        }
        client.close();
    }

    /** Leaves in order, once its thread has ended. */
    void leave() {
        try {
            port.close();
        } finally {
            synchronized (this) {
                release(Set.copyOf(held.keySet()), false);
                crashed = true;
            }
            client.close();
        }
    }
}

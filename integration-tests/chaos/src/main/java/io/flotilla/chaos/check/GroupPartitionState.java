package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event.Assigned;
import io.flotilla.chaos.history.Event.CommitInvoked;
import io.flotilla.chaos.history.Event.PositionSet;
import io.flotilla.chaos.history.Event.Revoked;
import io.flotilla.chaos.history.Records;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** One partition in the eyes of one group: who has it, what was read of it, what was committed. */
final class GroupPartitionState {
    private static final int ASSIGNMENTS_KEPT_MAX = 256;

    /** A member's possession of the partition. */
    private static final class Holding {
        private final int generation;
        private final long committedThen;
        private boolean hasPosition;
        private long position = -1;

        private Holding(int generation, long committedThen) {
            this.generation = generation;
            this.committedThen = committedThen;
        }
    }

    private final PlaceState place;
    private final String group;
    private final Violations violations;
    private final Map<Integer, Holding> holders = new HashMap<>();
    private final ArrayDeque<Assigned> assignments = new ArrayDeque<>();
    private final Coverage read = new Coverage();
    private boolean everCommitted;
    private long committed = -1;

    // Of (b): the highest acknowledged commit of the generation.
    private int generation = -1;
    private int committer = -1;
    private long committedInGeneration = -1;

    GroupPartitionState(PlaceState place, String group, Violations violations) {
        this.place = place;
        this.group = group;
        this.violations = violations;
    }

    void assigned(Assigned assigned) {
        holders.forEach((other, holding) -> {
            if (other != assigned.consumer() && holding.generation == assigned.generation()) {
                violate(
                        assigned.nanos(),
                        -1,
                        "(d) consumer " + assigned.consumer() + " got it in generation " + assigned.generation()
                                + " while consumer " + other + " had it");
            }
        });
        if (assignments.size() == ASSIGNMENTS_KEPT_MAX) {
            assignments.remove();
        }
        assignments.add(assigned);
        Holding before = holders.get(assigned.consumer());
        var holding = new Holding(assigned.generation(), committed);
        if (before != null) { // it goes on reading where it is
            holding.hasPosition = before.hasPosition;
            holding.position = before.position;
        }
        holders.put(assigned.consumer(), holding);
    }

    void revoked(Revoked revoked) {
        holders.remove(revoked.consumer());
    }

    void positionSet(PositionSet set) {
        if (set.consumer() == committer && set.offset() < committedInGeneration) {
            committedInGeneration = set.offset(); // it has sought back, and may commit so
        }
        Holding holding = holders.get(set.consumer());
        if (holding == null) {
            return;
        }
        if (!holding.hasPosition) {
            began(set, holding);
        } else if (set.offset() > holding.position) { // it has sought, or was told that the records are gone
            read.add(holding.position, set.offset());
        }
        holding.hasPosition = true;
        holding.position = set.offset();
    }

    private void began(PositionSet set, Holding holding) {
        if (set.offset() < holding.committedThen) {
            violate(
                    set.nanos(),
                    set.offset(),
                    "(e) consumer " + set.consumer() + " began at offset " + set.offset() + ", but "
                            + holding.committedThen + " was committed before it got the partition");
        }
        if (!everCommitted) { // nobody has promised anything: begin at the beginning, or at the end
            read.restart(set.offset());
        }
    }

    void polled(Records records) {
        long first = records.offset(0);
        if (!read.hasStart()) {
            read.restart(first);
        }
        long from = first;
        long next = first;
        for (int i = 0; i < records.size(); i++) {
            if (records.offset(i) != next) {
                read.add(from, next);
                from = records.offset(i);
            }
            next = records.offset(i) + 1;
        }
        read.add(from, next);
        for (Holding holding : holders.values()) {
            if (holding.hasPosition && holding.position == first) {
                holding.position = next;
            }
        }
    }

    /** Returns what {@link #committed} compares with. */
    long commitInvoked(CommitInvoked commit) {
        everCommitted = true;
        committed = Math.min(committed, commit.offset()); // it may become so
        return commit.generation() == generation && commit.consumer() == committer ? committedInGeneration : -1;
    }

    void committed(CommitInvoked commit, long floor, long nanos) {
        zombie(commit, nanos);
        if (commit.offset() < floor && commit.generation() == generation && commit.offset() < committedInGeneration) {
            violate(
                    nanos,
                    commit.offset(),
                    "(b) consumer " + commit.consumer() + " committed " + commit.offset() + " after " + floor
                            + " in generation " + generation);
        }
        if (commit.generation() > generation || commit.consumer() != committer) {
            committedInGeneration = -1;
        }
        generation = commit.generation();
        committer = commit.consumer();
        committedInGeneration = Math.max(committedInGeneration, commit.offset());
        committed = commit.offset();
        holes(commit, nanos);
    }

    private void zombie(CommitInvoked commit, long nanos) {
        int own = -1;
        for (Assigned assigned : assignments) {
            if (assigned.consumer() == commit.consumer()) {
                own = Math.max(own, assigned.generation());
            }
        }
        for (Assigned assigned : assignments) {
            if (assigned.consumer() != commit.consumer()
                    && assigned.generation() > Math.max(own, commit.generation())
                    && assigned.nanos() < commit.nanos()) {
                violate(
                        nanos,
                        commit.offset(),
                        "(a) consumer " + commit.consumer() + " committed " + commit.offset() + " in generation "
                                + commit.generation() + ", but consumer " + assigned.consumer()
                                + " had it since generation " + assigned.generation());
                return;
            }
        }
    }

    private void holes(CommitInvoked commit, long nanos) {
        long removed = Math.max(place.starts.now(), place.trimAskedMax);
        long hole = read.firstHole(commit.offset());
        while (hole < commit.offset()) {
            long end = Math.min(commit.offset(), read.endOfHole(hole, commit.offset()));
            if (end > removed) {
                violate(
                        nanos,
                        hole,
                        "(c) " + commit.offset() + " was committed, but nobody of the group has read [" + hole + ", "
                                + end + ")");
            }
            read.add(hole, end); // told once
            hole = read.firstHole(commit.offset());
        }
    }

    private void violate(long nanos, long offset, String text) {
        violations.add(CheckId.C12, nanos, place.place, offset, 0, text + " (group " + group + ")");
    }
}

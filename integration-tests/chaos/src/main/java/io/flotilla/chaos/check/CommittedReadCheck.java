package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.CommitCompleted;
import io.flotilla.chaos.history.Event.CommitInvoked;
import io.flotilla.chaos.history.Event.CommittedRead;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * C10 of groups: what a group has committed in a partition is a register. A read that is lower than the last commit that
 * ended before it began must be explained by another commit, which no successful one has definitely overwritten by then.
 */
final class CommittedReadCheck implements Check {
    private static final int COMMITS_KEPT_MAX = 512;

    private record GroupPlace(String group, Place place) {}

    private static final class Commit {
        private final long invoked;
        private final long offset;
        private long completed = Long.MAX_VALUE; // stays so while the outcome is unknown: it may take effect late
        private boolean ok;
        private boolean failed;

        private Commit(long invoked, long offset) {
            this.invoked = invoked;
            this.offset = offset;
        }
    }

    /** The register of one group and partition. */
    private static final class Register {
        private final ArrayDeque<Commit> commits = new ArrayDeque<>();
        private long droppedNanos = -1;

        private void add(Commit commit) {
            if (commits.size() == COMMITS_KEPT_MAX) {
                droppedNanos = commits.remove().invoked;
            }
            commits.add(commit);
        }
    }

    private final Violations violations;
    private final Map<GroupPlace, Register> registers = new HashMap<>();
    private final Map<String, Map<Long, Commit>> open = new HashMap<>();

    CommittedReadCheck(Violations violations) {
        this.violations = violations;
    }

    @Override
    public void see(Event event) {
        if (event instanceof CommitInvoked invoked) {
            var commit = new Commit(invoked.nanos(), invoked.offset());
            registers
                    .computeIfAbsent(new GroupPlace(invoked.group(), invoked.place()), ignored -> new Register())
                    .add(commit);
            open.computeIfAbsent(invoked.group(), ignored -> new HashMap<>())
                    .put(key(invoked.consumer(), invoked.op()), commit);
        } else if (event instanceof CommitCompleted completed) {
            Commit commit =
                    open.getOrDefault(completed.group(), Map.of()).remove(key(completed.consumer(), completed.op()));
            if (commit != null && completed.outcome() != Outcome.INFO) {
                commit.completed = completed.nanos();
                commit.ok = completed.outcome() == Outcome.OK;
                commit.failed = !commit.ok;
            }
        } else if (event instanceof CommittedRead read) {
            Register register = registers.get(new GroupPlace(read.group(), read.place()));
            if (register != null) {
                judge(read, register);
            }
        }
    }

    private void judge(CommittedRead read, Register register) {
        long overwrittenBefore = -1; // what has ended before this was overwritten when the read began
        long lastOk = -1;
        for (Commit commit : register.commits) {
            if (commit.ok && commit.completed < read.startNanos() && commit.invoked > overwrittenBefore) {
                overwrittenBefore = commit.invoked;
                lastOk = commit.offset;
            }
        }
        if (read.startNanos() <= register.droppedNanos) {
            violations.note(CheckId.C10, "reads of commits that took too long to be judged");
            return;
        }
        violations.judged(CheckId.C10);
        if (read.offset() >= lastOk) {
            return;
        }
        for (Commit commit : register.commits) {
            if (commit.offset == read.offset() && !commit.failed && commit.completed >= overwrittenBefore) {
                return;
            }
        }
        violations.add(
                CheckId.C10,
                read.nanos(),
                read.place(),
                -1,
                0,
                "process " + read.process() + " read that group " + read.group() + " has committed " + read.offset()
                        + ", but " + lastOk + " was acknowledged before it asked");
    }

    private static long key(int consumer, long op) {
        return (long) consumer << 40 | op;
    }
}

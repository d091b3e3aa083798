package io.flotilla.chaos.check.mutation;

import static io.flotilla.chaos.check.CheckId.C10;
import static io.flotilla.chaos.check.CheckId.C12;
import static io.flotilla.chaos.check.CheckId.C17;
import static io.flotilla.chaos.check.CheckId.C18;
import static io.flotilla.chaos.check.CheckId.C20;
import static io.flotilla.chaos.check.CheckId.C21;
import static io.flotilla.chaos.check.CheckId.C22;
import static io.flotilla.chaos.check.CheckId.C23;
import static io.flotilla.chaos.check.CheckId.C9;
import static io.flotilla.chaos.check.mutation.SyntheticHistory.SHARED;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.AdminCompleted;
import io.flotilla.chaos.history.Event.AdminInvoked;
import io.flotilla.chaos.history.Event.Assigned;
import io.flotilla.chaos.history.Event.CommitCompleted;
import io.flotilla.chaos.history.Event.CommitInvoked;
import io.flotilla.chaos.history.Event.CommittedRead;
import io.flotilla.chaos.history.Event.FaultStep;
import io.flotilla.chaos.history.Event.FinalBounds;
import io.flotilla.chaos.history.Event.FinalRead;
import io.flotilla.chaos.history.Event.LeaderSeen;
import io.flotilla.chaos.history.Event.Polled;
import io.flotilla.chaos.history.Event.PositionSet;
import io.flotilla.chaos.history.Event.ResourcesRead;
import io.flotilla.chaos.history.Event.SendCompleted;
import io.flotilla.chaos.history.Event.SendInvoked;
import io.flotilla.chaos.history.Event.VoteSeen;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.history.Records;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** What can be wrong with groups, metadata, brokers and the run itself. */
final class RunMutations {
    private static final Place FIRST = new Place(SHARED, 0);
    private static final Place QUIET = new Place("quiet", 0);
    private static final long OP = 1L << 30;
    private static final int NEWCOMER = 9_000;
    private static final long SECOND = 1_000_000_000L;

    private RunMutations() {}

    static List<Mutation> all() {
        return List.of(
                Mutation.of("a zombie commits", RunMutations::zombieCommit, C12),
                Mutation.of("a commit goes back", RunMutations::commitGoesBack, C12),
                Mutation.of("a poll of the group is missing", RunMutations::hole, C9, C12),
                Mutation.of("a new owner skips a record", RunMutations::skipOnRebalance, C12),
                Mutation.of("two members own a partition", RunMutations::twoOwners, C12),
                Mutation.of("a new owner begins before the commit", RunMutations::redelivery, C12),
                Mutation.of("a read of commits is stale", RunMutations::staleCommit, C10),
                Mutation.of("a describe reads what was overwritten", RunMutations::staleDescribe, C17),
                Mutation.of("a topic is created twice", RunMutations::createTwice, C17),
                Mutation.of("a partition is silent", RunMutations::silence, C18),
                Mutation.of("a partition never comes back", RunMutations::neverWritable, C18),
                Mutation.of("a client is stuck", RunMutations::stuckClient, C18),
                Mutation.of("a fault is not taken back", RunMutations::leftBehind, C18),
                Mutation.of("a broker leaks descriptors", RunMutations::leak, C20),
                Mutation.of("a broker ends by itself", RunMutations::exit, C21),
                Mutation.of("a broker complains", RunMutations::complaint, C21),
                Mutation.of("a fault had no effect", RunMutations::unverified, C22),
                Mutation.of("kills changed no leader", RunMutations::noLeaderChange, C22),
                Mutation.of("nearly nothing succeeded", RunMutations::nothingSucceeded, C22),
                Mutation.of("two leaders in a term", RunMutations::twoLeaders, C23),
                Mutation.of("two votes in a term", RunMutations::twoVotes, C23));
    }

    private static CommitInvoked lastCommit(Draft draft) {
        List<CommitInvoked> commits =
                draft.all(CommitInvoked.class, any -> any.place().equals(FIRST));
        return commits.get(commits.size() - 1);
    }

    private static void commit(Draft draft, long nanos, int consumer, int generation, long offset) {
        draft.add(
                new CommitInvoked(nanos - 1, OP, "group", consumer, generation, FIRST, offset),
                new CommitCompleted(nanos, OP, "group", consumer, Outcome.OK, ""));
    }

    private static void zombieCommit(Draft draft) {
        CommitInvoked last = lastCommit(draft);
        Assigned old = draft.first(
                Assigned.class, 0, any -> any.places().contains(FIRST) && any.consumer() != last.consumer());
        commit(draft, draft.phase("final") - 1, old.consumer(), old.generation(), last.offset());
    }

    private static void commitGoesBack(Draft draft) {
        CommitInvoked last = lastCommit(draft);
        commit(draft, last.nanos() - 2, last.consumer(), last.generation(), last.offset());
        draft.replace(
                last,
                new CommitInvoked(
                        last.nanos(),
                        last.op(),
                        "group",
                        last.consumer(),
                        last.generation(),
                        FIRST,
                        last.offset() - 1));
        String before = completionOf(draft, last).outcome().name();
        if (!before.equals("OK")) {
            CommitCompleted completed = completionOf(draft, last);
            draft.replace(
                    completed,
                    new CommitCompleted(
                            completed.nanos(), completed.op(), "group", completed.consumer(), Outcome.OK, ""));
        }
    }

    private static CommitCompleted completionOf(Draft draft, CommitInvoked commit) {
        return draft.first(CommitCompleted.class, 0, any -> any.op() == commit.op());
    }

    /** Drops a poll whose records nobody else of the group has read; the last commit is behind it. */
    private static void hole(Draft draft) {
        List<Polled> polls = draft.all(
                Polled.class, any -> any.consumer() >= 5_000 && any.place().equals(FIRST));
        Map<Long, Integer> times = new HashMap<>();
        for (Polled poll : polls) {
            offsetsOf(poll).forEach(offset -> times.merge(offset, 1, Integer::sum));
        }
        for (int i = 0; i + 1 < polls.size(); i++) {
            Polled poll = polls.get(i);
            boolean isRead = polls.stream()
                    .anyMatch(later -> later.consumer() == poll.consumer()
                            && later.nanos() > poll.nanos()
                            && later.records().offset(0)
                                    == poll.records().offset(poll.records().size() - 1) + 1);
            boolean isWithin = draft.all(
                            PositionSet.class,
                            set -> set.consumer() == poll.consumer()
                                    && set.place().equals(FIRST)
                                    && set.offset() == poll.records().offset(0))
                    .isEmpty();
            if (isRead && isWithin && offsetsOf(poll).stream().allMatch(offset -> times.getOrDefault(offset, 0) == 1)) {
                draft.remove(poll);
                return;
            }
        }
        throw new NoSuchElementException("no poll of the group that nobody repeats");
    }

    private static Set<Long> offsetsOf(Polled poll) {
        var offsets = new HashSet<Long>();
        for (int i = 0; i < poll.records().size(); i++) {
            offsets.add(poll.records().offset(i));
        }
        return offsets;
    }

    private static Assigned lastAssigned(Draft draft) {
        List<Assigned> all = draft.all(Assigned.class, any -> any.places().contains(FIRST));
        return all.get(all.size() - 1);
    }

    private static void skipOnRebalance(Draft draft) {
        // A generation of its own at the end: it begins behind the commit, reads on from there, and commits.
        Assigned last = lastAssigned(draft);
        CommitInvoked commit = lastCommit(draft);
        long end = draft.phase("final");
        draft.add(
                new Event.Revoked(end - 9, "group", last.consumer(), last.generation(), List.of(FIRST), false),
                new Assigned(end - 8, "group", NEWCOMER, last.generation() + 1, List.of(FIRST)),
                new PositionSet(end - 7, NEWCOMER, FIRST, commit.offset() + 1));
        commit(draft, end - 1, NEWCOMER, last.generation() + 1, commit.offset() + 1);
    }

    private static void twoOwners(Draft draft) {
        Assigned last = lastAssigned(draft);
        draft.add(new Assigned(draft.phase("final") - 1, "group", NEWCOMER, last.generation(), List.of(FIRST)));
    }

    private static void redelivery(Draft draft) {
        Assigned last = lastAssigned(draft);
        long end = draft.phase("final");
        draft.add(
                new Event.Revoked(end - 3, "group", last.consumer(), last.generation(), List.of(FIRST), false),
                new Assigned(end - 2, "group", NEWCOMER, last.generation() + 1, List.of(FIRST)),
                new PositionSet(end - 1, NEWCOMER, FIRST, 0));
    }

    private static void staleCommit(Draft draft) {
        CommittedRead read = draft.first(CommittedRead.class, 0.5, any -> any.offset() > 10);
        draft.replace(
                read, new CommittedRead(read.nanos(), read.startNanos(), read.process(), "group", read.place(), -1));
    }

    private static void staleDescribe(Draft draft) {
        long end = draft.phase("final");
        admin(draft, end - 9, OP, "create", "t", "v1", "");
        admin(draft, end - 6, OP + 1, "alter", "t", "v2", "");
        admin(draft, end - 3, OP + 2, "describe", "t", "", "v1");
    }

    private static void createTwice(Draft draft) {
        long end = draft.phase("final");
        admin(draft, end - 9, OP, "create", "t", "v1", "");
        admin(draft, end - 6, OP + 1, "create", "t", "v2", "");
    }

    private static void admin(
            Draft draft, long nanos, long op, String call, String topic, String value, String answer) {
        draft.add(
                new AdminInvoked(nanos, op, 70, call, topic, value),
                new AdminCompleted(nanos + 1, op, 70, Outcome.OK, answer, ""));
    }

    /** A partition of its own, so that nothing else is disturbed. */
    private static void quiet(Draft draft, long invoked, long answered, boolean ok) {
        long end = draft.phase("ended");
        draft.add(
                new SendInvoked(invoked, OP, 70, QUIET, 900_000, 0, 1),
                new SendCompleted(answered, OP, 70, ok ? Outcome.OK : Outcome.INFO, ok ? 0 : -1, ok ? "" : "TIMEOUT"),
                new FinalBounds(end - 2, QUIET, FinalRead.FROM_LEADER, 0, ok ? 1 : 0, ""));
        if (ok) {
            draft.add(new FinalRead(end - 1, QUIET, FinalRead.FROM_LEADER, new Records().add(0, 900_000, 0, 0)));
        }
    }

    private static void silence(Draft draft) {
        long healed = draft.phase("healed");
        quiet(draft, healed + 10 * SECOND, healed + 18 * SECOND, true);
    }

    private static void neverWritable(Draft draft) {
        long healed = draft.phase("healed");
        quiet(draft, healed + SECOND, healed + 4 * SECOND, false);
    }

    private static void stuckClient(Draft draft) {
        long end = draft.phase("final");
        draft.add(
                new AdminInvoked(end - 70 * SECOND, OP, 70, "describe", "t", ""),
                new AdminCompleted(end - 2 * SECOND, OP, 70, Outcome.OK, "", ""));
    }

    private static void leak(Draft draft) {
        for (ResourcesRead read : draft.all(ResourcesRead.class, any -> any.node() == SyntheticHistory.NODES)) {
            draft.replace(
                    read,
                    new ResourcesRead(
                            read.nanos(),
                            read.node(),
                            read.descriptors() + 2 * read.nanos() / SECOND,
                            read.threads(),
                            read.heapBytes(),
                            read.diskBytes()));
        }
    }

    private static void exit(Draft draft) {
        draft.add(new Event.NodeExited(draft.phase("final") - 1, 1, 1, false));
    }

    private static void complaint(Draft draft) {
        draft.add(new Event.LogComplaint(draft.phase("final") - 1, 1, "java.lang.OutOfMemoryError"));
    }

    private static void unverified(Draft draft) {
        retell(draft, "verified", "unverified", "the process still runs");
    }

    private static void leftBehind(Draft draft) {
        retell(draft, "disarmed", "disarmed", "a replica has not moved back");
    }

    /** Has the first step of a phase be another, with another remark. */
    private static void retell(Draft draft, String phase, String phaseThen, String detail) {
        FaultStep step = draft.first(FaultStep.class, 0, any -> any.phase().equals(phase));
        draft.replace(
                step,
                new FaultStep(
                        step.nanos(),
                        step.episode(),
                        step.fault(),
                        phaseThen,
                        step.nodes(),
                        step.parameters(),
                        detail));
    }

    private static void noLeaderChange(Draft draft) {
        draft.events().removeIf(event -> event instanceof LeaderSeen seen && seen.term() > 1);
    }

    private static void nothingSucceeded(Draft draft) {
        Map<Place, Integer> counts = new HashMap<>();
        for (Draft.Acked send : draft.acked()) {
            SendCompleted sent = send.completed();
            int count = counts.merge(send.place(), 1, Integer::sum) % 9;
            if (count % 2 == 0) { // four of nine stay, so that no partition is silent for long
                draft.replace(
                        sent, new SendCompleted(sent.nanos(), sent.op(), sent.process(), Outcome.INFO, -1, "TIMEOUT"));
            }
        }
    }

    private static void twoLeaders(Draft draft) {
        LeaderSeen seen = draft.first(LeaderSeen.class, 0.3, any -> true);
        draft.add(new LeaderSeen(seen.nanos() + 1, seen.place(), seen.term(), seen.node() % 3 + 1));
    }

    private static void twoVotes(Draft draft) {
        VoteSeen seen = draft.first(VoteSeen.class, 0.3, any -> true);
        draft.add(new VoteSeen(seen.nanos() + 1, seen.place(), seen.term(), seen.node(), seen.candidate() % 3 + 1));
    }
}

package io.flotilla.raftlog.raft.ratis.simulation;

import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** One group's life under the faults of one seed, and what must be true at its end. */
final class Schedule {
    /** From healing until a group takes entries again, and from then until all members have the same. */
    static final Duration RECOVERY_MAX = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(5);

    /**
     * How it ended.
     *
     * @param acknowledged entries
     * @param terms        in which somebody led
     * @param installed    states that members took over from others
     * @param recovery     from healing until the group took an entry
     * @param violations   none if all is well
     */
    record Result(long seed, int acknowledged, int terms, int installed, Duration recovery, List<String> violations) {
        String report() {
            return "seed " + seed + ":\n  " + String.join("\n  ", violations) + "\nafter\n  "
                    + String.join(
                            "\n  ",
                            Step.plan(seed).stream().map(Step.Planned::toString).toList());
        }
    }

    private final long seed;
    private final SimulatedGroup group;
    private final History history;

    private Schedule(long seed, SimulatedGroup group) {
        this.seed = seed;
        this.group = group;
        this.history = new History(group.safety());
    }

    static Result run(long seed, Fleet fleet) throws IOException, InterruptedException {
        GroupId id = new GroupId(new UUID(1, seed));
        SimulatedGroup group = fleet.create(id);
        try {
            return new Schedule(seed, group).run();
        } finally {
            group.setAll(Faults.NONE);
            fleet.remove(id);
        }
    }

    private Result run() throws IOException, InterruptedException {
        Duration recovery = Duration.ZERO;
        try {
            awaitEntry("the first entry");
            for (Step.Planned planned : Step.plan(seed)) {
                planned.step().action().to(group, history);
                planned.proposals().action().to(group, history);
                history.awaitAnswers(planned.pause());
            }
            group.setAll(Faults.NONE);
            Step.resumeAll(group);
            long healedNanos = System.nanoTime();
            awaitEntry("an entry after healing");
            recovery = Duration.ofNanos(System.nanoTime() - healedNanos);
            // What nobody knows the outcome of yet comes before the last entry, or never.
            history.awaitAnswers(RECOVERY_MAX);
            awaitEntry("the last entry");
            awaitEqualStates();
        } catch (ConditionTimeoutException stuck) {
            history.violated(stuck.getMessage() + ": "
                    + SimulatedGroup.nodes().stream()
                            .map(node -> group.member(node).map(ReplicatedGroup::leadership) + " at "
                                    + group.journal(node).position() + " failed "
                                    + group.journal(node).failure())
                            .toList());
        }
        List<Applied> last = group.journal(1).entries();
        int installed = SimulatedGroup.nodes().stream()
                .mapToInt(node -> group.journal(node).installed())
                .sum();
        return new Result(
                seed, history.acknowledgedCount(), group.safety().terms(), installed, recovery, history.verdict(last));
    }

    private void awaitEntry(String what) {
        await(what)
                .pollInSameThread()
                .atMost(RECOVERY_MAX)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(() -> {
                    Optional<Integer> leader = group.readyLeader();
                    Optional<ReplicatedGroup> member = leader.flatMap(group::member);
                    return member.isPresent()
                            && history.propose(leader.get(), member.get(), 0)
                                    .completeOnTimeout(false, RECOVERY_MAX.toSeconds(), TimeUnit.SECONDS)
                                    .join();
                });
    }

    private void awaitEqualStates() {
        await("equal states")
                .pollInSameThread()
                .atMost(RECOVERY_MAX)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(() -> {
                    Journal first = group.journal(1);
                    return SimulatedGroup.nodes().stream()
                            .allMatch(node -> group.journal(node).position().equals(first.position())
                                    && group.journal(node).entries().equals(first.entries()));
                });
    }
}

package io.flotilla.raftlog.raft.ratis.simulation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Something that is done to a group.
 *
 * @param name tells in a failed schedule's report what was done
 */
record Step(String name, Action action) {
    private static final int STEPS_MIN = 6;
    private static final int STEPS_MAX = 14;
    private static final int PROPOSALS_MAX = 12;
    private static final int BYTES_MAX = 6 * 1024;
    private static final int WAIT_MILLIS_MAX = 60;
    private static final int LONG_WAIT_MILLIS = 400;

    /** Does it. */
    interface Action {
        void to(SimulatedGroup group, History history) throws IOException;
    }

    /** All that a seed has in store for a group, decided beforehand. After each step answers are awaited for a while. */
    static List<Planned> plan(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int count = random.nextInt(STEPS_MIN, STEPS_MAX + 1);
        List<Planned> plan = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Step step = draw(random);
            boolean longWait = random.nextInt(8) == 0;
            int waitMillis = longWait ? LONG_WAIT_MILLIS : random.nextInt(WAIT_MILLIS_MAX);
            plan.add(new Planned(step, propose(random), Duration.ofMillis(waitMillis)));
        }
        return plan;
    }

    /** A step, the proposals made after it, and how long at most their answers are awaited. */
    record Planned(Step step, Step proposals, Duration pause) {
        @Override
        public String toString() {
            return step.name() + "; " + proposals.name() + "; " + pause.toMillis() + " ms";
        }
    }

    private static Step draw(SplittableRandom random) {
        int node = random.nextInt(1, Fleet.NODES + 1);
        int other = node % Fleet.NODES + 1;
        return switch (random.nextInt(14)) {
            case 0 -> cut("cut " + node + " off", node, true, true);
            case 1 -> cut("mute " + node, node, true, false);
            case 2 -> cut("deafen " + node, node, false, true);
            case 3 ->
                new Step("cut " + node + " from " + other, (group, history) -> {
                    group.set(node, other, Faults.CUT);
                    group.set(other, node, Faults.CUT);
                });
            case 4 -> cutLeaderOff(random.nextBoolean());
            case 5, 6 -> new Step("heal", (group, history) -> group.setAll(Faults.NONE));
            case 7 -> noise(random);
            case 8 -> new Step("suspend " + node, (group, history) -> group.suspend(node));
            case 9 ->
                new Step("suspend the leader", (group, history) -> {
                    Optional<Integer> leader = group.readyLeader();
                    if (leader.isPresent()) {
                        group.suspend(leader.get());
                    }
                });
            case 10 -> new Step("resume all", (group, history) -> resumeAll(group));
            case 11 -> new Step("hand over to " + node, (group, history) -> handOver(group, node));
            case 12 ->
                new Step("checkpoint " + node, (group, history) -> group.member(node)
                        .ifPresent(member -> member.checkpoint()
                                .exceptionally(stopped -> group.journal(node).position())));
            default ->
                new Step("read barriers", (group, history) -> group.leaders().forEach(leader -> group.member(leader)
                        .ifPresent(member -> history.barrier(leader, member, group.journal(leader)))));
        };
    }

    private static Step cut(String name, int node, boolean out, boolean in) {
        return new Step(name, (group, history) -> cutOff(group, node, out, in));
    }

    private static void cutOff(SimulatedGroup group, int node, boolean out, boolean in) {
        for (int other : SimulatedGroup.nodes()) {
            if (other != node && out) {
                group.set(node, other, Faults.CUT);
            }
            if (other != node && in) {
                group.set(other, node, Faults.CUT);
            }
        }
    }

    private static Step cutLeaderOff(boolean in) {
        return new Step(in ? "cut the leader off" : "mute the leader", (group, history) -> group.readyLeader()
                .ifPresent(leader -> cutOff(group, leader, true, in)));
    }

    private static Step noise(SplittableRandom random) {
        Faults faults =
                new Faults(false, random.nextInt(20), random.nextInt(20), random.nextInt(30), random.nextInt(15));
        return new Step(faults.toString(), (group, history) -> group.setAll(faults));
    }

    static void resumeAll(SimulatedGroup group) throws IOException {
        for (int node : SimulatedGroup.nodes()) {
            if (group.member(node).isEmpty()) {
                group.resume(node);
            }
        }
    }

    private static void handOver(SimulatedGroup group, int target) {
        group.readyLeader().flatMap(group::member).ifPresent(member -> member.transferLeadership(Fleet.peerId(target))
                .exceptionally(refused -> null));
    }

    /** Proposes through all that believe they lead: what a cut-off leader takes must not come back. */
    private static Step propose(SplittableRandom random) {
        int count = random.nextInt(PROPOSALS_MAX + 1);
        int bytes = random.nextInt(3) == 0 ? random.nextInt(BYTES_MAX) : 0;
        return new Step("propose " + count + (bytes > 0 ? " of " + bytes + " bytes" : ""), (group, history) -> {
            for (int leader : group.leaders()) {
                for (int i = 0; i < count; i++) {
                    group.member(leader).ifPresent(member -> {
                        var unused = history.propose(leader, member, bytes);
                    });
                }
            }
        });
    }
}

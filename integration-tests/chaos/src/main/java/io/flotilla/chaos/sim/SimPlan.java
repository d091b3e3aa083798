package io.flotilla.chaos.sim;

import io.flotilla.raftlog.raft.ratis.simulation.Faults;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * All that a seed has in store for a partition, decided beforehand.
 *
 * @param nodes replicas, 3 or 5
 * @param steps in their order
 */
public record SimPlan(long seed, int nodes, List<Step> steps) {
    private static final int STEPS_MIN = 8;
    private static final int STEPS_MAX = 16;
    private static final int PAUSE_MILLIS_MAX = 100;
    private static final int LONG_PAUSE_MILLIS = 500;

    public SimPlan {
        steps = List.copyOf(steps);
    }

    /** What is done to the replicas or to the network between them. */
    public enum Action {
        /** The node ends at once, without a last checkpoint. */
        KILL,
        KILL_LEADER,
        /** All end at once. */
        KILL_ALL,
        /** The node ends in order. */
        STOP,
        /** Every node that has ended starts again. */
        RESTART,
        /** The node's data is gone; it starts without and has to rejoin. Left out if another is away. */
        WIPE,
        /** Nobody hears the node, and it hears nobody. */
        CUT,
        CUT_LEADER,
        /** Nobody hears the node. */
        MUTE,
        MUTE_LEADER,
        /** The node hears nobody. */
        DEAFEN,
        /** Two nodes do not hear each other, all others do. */
        CUT_PAIR,
        /** Messages are lost, late, doubled and overtaken everywhere. */
        NOISE,
        /** Connections of the node break and are up again at once. */
        RESET,
        HEAL,
        /** The leader hands over to the node. */
        HAND_OVER,
        /** The node takes a checkpoint, and purges its log up to there. */
        CHECKPOINT,
        /** The oldest third of the records goes. */
        TRIM
    }

    /**
     * One step.
     *
     * @param node        counted from 1; of no meaning for steps that name the leader or all
     * @param other       the second one of a pair
     * @param faults      of {@link Action#NOISE}
     * @param pauseMillis until the next step
     */
    public record Step(Action action, int node, int other, Faults faults, int pauseMillis) {
        @Override
        public String toString() {
            String target =
                    switch (action) {
                        case KILL, STOP, WIPE, CUT, MUTE, DEAFEN, RESET, HAND_OVER, CHECKPOINT -> " " + node;
                        case CUT_PAIR -> " " + node + " " + other;
                        case NOISE -> " " + faults;
                        case KILL_LEADER, KILL_ALL, RESTART, CUT_LEADER, MUTE_LEADER, HEAL, TRIM -> "";
                    };
            return action + target + "; " + pauseMillis + " ms";
        }
    }

    /** The plan of a seed: the same in every run. */
    public static SimPlan of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int nodes = random.nextInt(3) == 0 ? 5 : 3;
        int count = random.nextInt(STEPS_MIN, STEPS_MAX + 1);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(draw(random, nodes));
        }
        return new SimPlan(seed, nodes, steps);
    }

    private static Step draw(SplittableRandom random, int nodes) {
        int node = random.nextInt(1, nodes + 1);
        int other = (node + random.nextInt(nodes - 1)) % nodes + 1;
        Faults faults =
                new Faults(false, random.nextInt(20), random.nextInt(20), random.nextInt(30), random.nextInt(15));
        int pauseMillis = random.nextInt(6) == 0 ? LONG_PAUSE_MILLIS : random.nextInt(PAUSE_MILLIS_MAX);
        return new Step(action(random.nextInt(100)), node, other, faults, pauseMillis);
    }

    private static Action action(int percent) {
        int left = percent;
        for (Action action : Action.values()) {
            left -= weight(action);
            if (left < 0) {
                return action;
            }
        }
        throw new IllegalStateException("the weights add up to less than 100");
    }

    /** In percent; they add up to 100. A stop takes the longest, up to a second. */
    private static int weight(Action action) {
        return switch (action) {
            case KILL_ALL, WIPE -> 2;
            case STOP, RESET, CUT_PAIR, DEAFEN, MUTE, TRIM -> 4;
            case KILL, KILL_LEADER, MUTE_LEADER, CHECKPOINT -> 6;
            case CUT, CUT_LEADER, NOISE, HAND_OVER -> 7;
            case RESTART -> 10;
            case HEAL -> 10;
        };
    }

    @Override
    public String toString() {
        return "seed " + seed + ", " + nodes + " replicas:\n"
                + steps.stream().map(step -> "  " + step).collect(Collectors.joining("\n"));
    }
}

package io.flotilla.controlplane;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Which restarts there are in a run: orderly stops and kills by turns, half of each of whoever leads the metadata then. */
final class RestartPlan {
    /** Orderly and killed, leader and not: all four within as many restarts. */
    private static final int KINDS = 4;

    private RestartPlan() {}

    /**
     * @param kill   SIGKILL rather than SIGTERM
     * @param leader whether it hits the leader of the metadata, else a broker that has been spared longest
     */
    record Restart(boolean kill, boolean leader) {
        @Override
        public String toString() {
            return (kill ? "kill -9" : "stop") + (leader ? " of the leader" : " of a follower");
        }
    }

    /** The seed decides where in the cycle of kinds the run begins. */
    static List<Restart> of(int restarts, SplittableRandom random) {
        int first = random.nextInt(KINDS);
        List<Restart> plan = new ArrayList<>();
        for (int i = first; i < first + restarts; i++) {
            plan.add(new Restart(i % 2 == 0, i % KINDS < 2));
        }
        return List.copyOf(plan);
    }
}

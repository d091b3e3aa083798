package io.flotilla.chaos.fault;

/**
 * Who is struck, by the role at the time when a fault is armed.
 *
 * @param role  of the brokers
 * @param count how many of them, 1 or more; of {@link Role#ALL} and of single roles, all there are
 */
public record Target(Role role, int count) {
    public Target {
        if (count < 1) {
            throw new IllegalArgumentException("a target of " + count + " brokers: must be 1 or more");
        }
    }

    public static Target of(Role role) {
        return new Target(role, 1);
    }

    /** What makes a broker a target. */
    public enum Role {
        /** Leads most partitions of the topics under test. */
        LEADER,
        /** Follows where another leads most. */
        FOLLOWER,
        /** Leads the metadata group. */
        CONTROLLER,
        /** Coordinates the consumer group under test. */
        COORDINATOR,
        /** Any, chosen by the plan's seed. */
        ANY,
        /** All brokers. */
        ALL
    }
}

package io.flotilla.broker.group;

import java.time.Duration;

/**
 * How consumer groups are coordinated.
 *
 * @param heartbeatInterval     between two signs of life of a member
 * @param sessionTimeout        silence after which a member is removed, for members that do not say
 * @param sessionTimeoutMin     least that a member can ask for
 * @param sessionTimeoutMax     most that a member can ask for
 * @param revocationTimeout     time to acknowledge what is taken from a member, for members that do not say
 * @param offsetsRetention      after this time without members and commits a group is forgotten; zero for never
 * @param commitsWaitingMax     partitions in commits that wait for the metadata's group, over all groups
 */
public record GroupSettings(
        Duration heartbeatInterval,
        Duration sessionTimeout,
        Duration sessionTimeoutMin,
        Duration sessionTimeoutMax,
        Duration revocationTimeout,
        Duration offsetsRetention,
        int commitsWaitingMax) {
    /** Most that a member can ask for. */
    static final Duration REVOCATION_TIMEOUT_MAX = Duration.ofDays(1);

    static final Duration REVOCATION_TIMEOUT_MIN = Duration.ofMillis(100);

    /** What a member gets that asks for {@code wanted}; zero for one that does not say. */
    public Duration sessionTimeout(Duration wanted) {
        return wanted.isZero() ? sessionTimeout : within(sessionTimeoutMin, wanted, sessionTimeoutMax);
    }

    /** What a member gets that asks for {@code wanted}; zero for one that does not say. */
    public Duration revocationTimeout(Duration wanted) {
        return wanted.isZero() ? revocationTimeout : within(REVOCATION_TIMEOUT_MIN, wanted, REVOCATION_TIMEOUT_MAX);
    }

    private static Duration within(Duration min, Duration wanted, Duration max) {
        return wanted.compareTo(min) < 0 ? min : wanted.compareTo(max) > 0 ? max : wanted;
    }
}

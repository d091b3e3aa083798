package io.flotilla.chaos.port;

import java.time.Duration;
import java.util.Set;

/**
 * A member of a consumer group, which commits only when it is told to.
 *
 * @param name            as operators see it
 * @param sessionTimeout  silence after which it counts as gone
 * @param pollIntervalMax time without a poll after which it counts as gone
 */
public record MemberOptions(
        String group, Set<String> topics, String name, Duration sessionTimeout, Duration pollIntervalMax) {
    public MemberOptions {
        topics = Set.copyOf(topics);
    }
}

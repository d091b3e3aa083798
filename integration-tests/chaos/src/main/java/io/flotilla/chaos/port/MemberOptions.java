package io.flotilla.chaos.port;

import java.time.Duration;
import java.util.Set;

/**
 * A member of a consumer group, which commits only when it is told to.
 *
 * @param name as operators see it
 */
public record MemberOptions(String group, Set<String> topics, String name, Duration sessionTimeout) {
    public MemberOptions {
        topics = Set.copyOf(topics);
    }
}

package io.flotilla.chaos.workload;

import java.time.Duration;

/**
 * The consumer group of W3.
 *
 * @param sessionTimeout  silence after which a member counts as gone
 * @param pollIntervalMax time without a poll after which it does
 */
record GroupOptions(String group, Topic topic, Duration sessionTimeout, Duration pollIntervalMax) {
    GroupOptions(String group, Topic topic) {
        this(group, topic, Duration.ofSeconds(6), Duration.ofSeconds(5));
    }
}

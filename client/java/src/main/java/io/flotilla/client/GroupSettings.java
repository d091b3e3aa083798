package io.flotilla.client;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a consumer takes part in a group.
 *
 * @param group              its name, 1 to 249 characters
 * @param topics             what it reads, which need not exist yet; at least one, or a pattern
 * @param topicPattern       what it reads too: topics whose whole name matches this regular expression, in the syntax of RE2,
 *     those that come later included. The broker, which matches, refuses one that is malformed
 * @param instanceId         makes it a static member: when its process is replaced by one with the same id within the
 *     session timeout, no partition moves to another member
 * @param clientId           as operators see it, at most 249 characters; may be empty
 * @param assignor           how it wants partitions shared out; the group goes by what most of its members want
 * @param start              where to begin with a partition for which nothing is committed
 * @param autoCommitInterval how often what has been processed is committed while polling; 0 means never, then only
 *     {@link GroupConsumer#commit()} commits
 * @param sessionTimeout     after how long a silence the group takes it for gone; within the broker's limits
 * @param revocationTimeout  how long it may go on with records of a partition that others wait for; 1 s or more
 * @param pollIntervalMax    how long it may go without a poll before it leaves the group, so that a consumer that hangs does
 *     not keep its partitions from the others; 1 s or more
 * @param listener           hears of the partitions that come and go
 * @param reading            how it reads ahead
 */
public record GroupSettings(
        String group,
        Set<String> topics,
        Optional<String> topicPattern,
        Optional<String> instanceId,
        String clientId,
        GroupAssignor assignor,
        Position start,
        Duration autoCommitInterval,
        Duration sessionTimeout,
        Duration revocationTimeout,
        Duration pollIntervalMax,
        RebalanceListener listener,
        ConsumerSettings reading) {
    public GroupSettings {
        if (group.isBlank()) {
            throw new IllegalArgumentException("the group has no name");
        }
        topics = Set.copyOf(new TreeSet<>(topics));
        if (topics.isEmpty()
                && topicPattern.filter(pattern -> !pattern.isEmpty()).isEmpty()) {
            throw new IllegalArgumentException("group " + group + " reads no topic; name at least one, or a pattern");
        }
        SettingRange.atLeast("autoCommitInterval", autoCommitInterval, Duration.ZERO);
        SettingRange.atLeast("sessionTimeout", sessionTimeout, Duration.ofMillis(100));
        SettingRange.atLeast("revocationTimeout", revocationTimeout, Duration.ofSeconds(1));
        SettingRange.atLeast("pollIntervalMax", pollIntervalMax, Duration.ofSeconds(1));
    }

    /**
     * A dynamic member that begins at the beginning where nothing is committed, commits each second what was processed, is
     * taken for gone after 10 s of silence or 5 min without a poll, and has 5 min to finish with a partition others wait for.
     */
    public static GroupSettings of(String group, String... topics) {
        return new GroupSettings(
                group,
                Set.of(topics),
                Optional.empty(),
                Optional.empty(),
                "",
                GroupAssignor.UNIFORM,
                Position.beginning(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                RebalanceListener.NONE,
                ConsumerSettings.DEFAULT);
    }

    /** {@link #of} for topics whose whole name matches, and none beside them. */
    public static GroupSettings ofPattern(String group, String pattern) {
        return of(group, pattern).reading(Set.of(), Optional.of(pattern));
    }

    /** The same topics as before, and those whose whole name matches. */
    public GroupSettings withTopicPattern(String pattern) {
        return reading(topics, Optional.of(pattern));
    }

    private GroupSettings reading(Set<String> names, Optional<String> pattern) {
        return new GroupSettings(
                group,
                names,
                pattern,
                instanceId,
                clientId,
                assignor,
                start,
                autoCommitInterval,
                sessionTimeout,
                revocationTimeout,
                pollIntervalMax,
                listener,
                reading);
    }

    public GroupSettings withInstanceId(String id) {
        return new GroupSettings(
                group,
                topics,
                topicPattern,
                Optional.of(id),
                clientId,
                assignor,
                start,
                autoCommitInterval,
                sessionTimeout,
                revocationTimeout,
                pollIntervalMax,
                listener,
                reading);
    }

    public GroupSettings withClientId(String id) {
        return new GroupSettings(
                group,
                topics,
                topicPattern,
                instanceId,
                id,
                assignor,
                start,
                autoCommitInterval,
                sessionTimeout,
                revocationTimeout,
                pollIntervalMax,
                listener,
                reading);
    }

    public GroupSettings withAssignor(GroupAssignor wanted) {
        return new GroupSettings(
                group,
                topics,
                topicPattern,
                instanceId,
                clientId,
                wanted,
                start,
                autoCommitInterval,
                sessionTimeout,
                revocationTimeout,
                pollIntervalMax,
                listener,
                reading);
    }

    public GroupSettings withStart(Position position) {
        return new GroupSettings(
                group,
                topics,
                topicPattern,
                instanceId,
                clientId,
                assignor,
                position,
                autoCommitInterval,
                sessionTimeout,
                revocationTimeout,
                pollIntervalMax,
                listener,
                reading);
    }

    /**
     * @param interval 0 to commit only by {@link GroupConsumer#commit()}
     */
    public GroupSettings withAutoCommitInterval(Duration interval) {
        return new GroupSettings(
                group,
                topics,
                topicPattern,
                instanceId,
                clientId,
                assignor,
                start,
                interval,
                sessionTimeout,
                revocationTimeout,
                pollIntervalMax,
                listener,
                reading);
    }

    public GroupSettings withSessionTimeout(Duration timeout) {
        return new GroupSettings(
                group,
                topics,
                topicPattern,
                instanceId,
                clientId,
                assignor,
                start,
                autoCommitInterval,
                timeout,
                revocationTimeout,
                pollIntervalMax,
                listener,
                reading);
    }

    public GroupSettings withRevocationTimeout(Duration timeout) {
        return new GroupSettings(
                group,
                topics,
                topicPattern,
                instanceId,
                clientId,
                assignor,
                start,
                autoCommitInterval,
                sessionTimeout,
                timeout,
                pollIntervalMax,
                listener,
                reading);
    }

    public GroupSettings withPollIntervalMax(Duration interval) {
        return new GroupSettings(
                group,
                topics,
                topicPattern,
                instanceId,
                clientId,
                assignor,
                start,
                autoCommitInterval,
                sessionTimeout,
                revocationTimeout,
                interval,
                listener,
                reading);
    }

    public GroupSettings withListener(RebalanceListener hearing) {
        return new GroupSettings(
                group,
                topics,
                topicPattern,
                instanceId,
                clientId,
                assignor,
                start,
                autoCommitInterval,
                sessionTimeout,
                revocationTimeout,
                pollIntervalMax,
                hearing,
                reading);
    }

    public GroupSettings withReading(ConsumerSettings settings) {
        return new GroupSettings(
                group,
                topics,
                topicPattern,
                instanceId,
                clientId,
                assignor,
                start,
                autoCommitInterval,
                sessionTimeout,
                revocationTimeout,
                pollIntervalMax,
                listener,
                settings);
    }
}

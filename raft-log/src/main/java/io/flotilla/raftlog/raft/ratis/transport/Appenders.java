package io.flotilla.raftlog.raft.ratis.transport;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * The appenders of all groups led here, by group and follower.
 *
 * <p>Threading: safe for all threads.
 */
final class Appenders {
    private record Key(UUID group, RaftPeerId follower) {}

    private final Map<Key, PipelinedAppender> all = new ConcurrentHashMap<>();

    void add(PipelinedAppender appender) {
        all.put(keyOf(appender), appender);
    }

    /** A later one for the same follower stays. */
    void remove(PipelinedAppender appender) {
        all.remove(keyOf(appender), appender);
    }

    Optional<PipelinedAppender> find(UUID group, RaftPeerId follower) {
        return Optional.ofNullable(all.get(new Key(group, follower)));
    }

    void forEach(Consumer<PipelinedAppender> action) {
        all.values().forEach(action);
    }

    void forEachOf(RaftPeerId follower, Consumer<PipelinedAppender> action) {
        all.forEach((key, appender) -> {
            if (key.follower().equals(follower)) {
                action.accept(appender);
            }
        });
    }

    private static Key keyOf(PipelinedAppender appender) {
        return new Key(appender.group(), appender.getFollowerId());
    }
}

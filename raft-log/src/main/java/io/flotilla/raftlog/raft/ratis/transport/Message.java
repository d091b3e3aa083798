package io.flotilla.raftlog.raft.ratis.transport;

import java.util.List;
import java.util.UUID;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;

/**
 * One message from a server to another.
 *
 * @param parts Ratis's own messages, immutable, of the type its kind names: one, or for heartbeats one for each group
 */
public record Message(Envelope envelope, List<MessageLite> parts) {
    /** In place of the group in messages that concern many. */
    public static final UUID MANY_GROUPS = new UUID(0, 0);

    public Message {
        parts = List.copyOf(parts);
    }

    /**
     * What can be known of a message without looking into it.
     *
     * @param group the group concerned, or {@link #MANY_GROUPS}
     * @param call  pairs an answer with its request; chosen by who asks, unique there
     */
    public record Envelope(Kind kind, UUID group, long call) {}

    public static Message of(Kind kind, UUID group, long call, MessageLite part) {
        return new Message(new Envelope(kind, group, call), List.of(part));
    }

    public static Message ofMany(Kind kind, long call, List<? extends MessageLite> parts) {
        return new Message(new Envelope(kind, MANY_GROUPS, call), List.copyOf(parts));
    }

    public Kind kind() {
        return envelope.kind();
    }

    public UUID group() {
        return envelope.group();
    }

    public long call() {
        return envelope.call();
    }

    /** The only part of a message of a single group. */
    public MessageLite part() {
        return parts.get(0);
    }
}

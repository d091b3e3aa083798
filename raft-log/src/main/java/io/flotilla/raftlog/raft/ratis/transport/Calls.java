package io.flotilla.raftlog.raft.ratis.transport;

import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;

/**
 * Requests whose answer somebody waits for: votes, read indexes, hand-overs. Each ends: with its answer, with the
 * connection, or with its time.
 *
 * <p>Threading: safe for all threads.
 */
final class Calls {
    private record Waiting(RaftPeerId peer, Kind answerKind, CompletableFuture<MessageLite> answer) {}

    private final Wire wire;
    private final CallIds ids;
    private final long timeoutMillis;
    private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();

    Calls(Wire wire, CallIds ids, long timeoutMillis) {
        this.wire = wire;
        this.ids = ids;
        this.timeoutMillis = timeoutMillis;
    }

    /** @return completes with an {@link IOException} if there is no answer */
    <T extends MessageLite> CompletableFuture<T> call(
            RaftPeerId to, Kind kind, Kind answerKind, UUID group, MessageLite request, Class<T> type) {
        long call = ids.next();
        CompletableFuture<MessageLite> answer = new CompletableFuture<>();
        waiting.put(call, new Waiting(to, answerKind, answer));
        if (!wire.send(to, Message.of(kind, group, call, request))) {
            answer.completeExceptionally(new IOException(to + " cannot be reached"));
        }
        return answer.orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .whenComplete((message, failure) -> waiting.remove(call))
                .thenApply(type::cast);
    }

    /** @return false if nobody waits for it */
    boolean answered(RaftPeerId from, Message answer) {
        Waiting asked = waiting.get(answer.call());
        if (asked == null || !asked.peer().equals(from)) {
            return false;
        }
        if (answer.kind() == asked.answerKind()) {
            asked.answer().complete(answer.part());
        } else {
            asked.answer().completeExceptionally(new IOException(from + " answered: " + answer.part()));
        }
        return true;
    }

    void lost(RaftPeerId peer) {
        waiting.values().stream().filter(asked -> asked.peer().equals(peer)).forEach(asked -> asked.answer()
                .completeExceptionally(new IOException("the connection to " + peer + " is lost")));
    }

    void close() {
        waiting.values().forEach(asked -> asked.answer().completeExceptionally(new IOException("closed")));
    }
}

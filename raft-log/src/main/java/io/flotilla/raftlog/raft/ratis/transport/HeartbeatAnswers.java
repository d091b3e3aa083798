package io.flotilla.raftlog.raft.ratis.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;

/**
 * The answers to the heartbeats of one message. They go back together; when time is up, those that are there, and each
 * later one by itself.
 *
 * <p>Threading: safe for all threads.
 */
final class HeartbeatAnswers {
    private final Consumer<List<AppendEntriesReplyProto>> send;
    private final List<AppendEntriesReplyProto> ready = new ArrayList<>();
    private int open;
    private boolean late;

    /** @param count heartbeats in the message */
    HeartbeatAnswers(int count, Consumer<List<AppendEntriesReplyProto>> send) {
        this.open = count;
        this.send = send;
    }

    void add(AppendEntriesReplyProto reply) {
        send(next(reply));
    }

    /** One of them has no answer. */
    void skip() {
        send(last());
    }

    void timeIsUp() {
        send(allReady());
    }

    private synchronized List<AppendEntriesReplyProto> next(AppendEntriesReplyProto reply) {
        ready.add(reply);
        return last();
    }

    private synchronized List<AppendEntriesReplyProto> last() {
        open--;
        return open == 0 || late ? takeReady() : List.of();
    }

    private synchronized List<AppendEntriesReplyProto> allReady() {
        late = true;
        return takeReady();
    }

    private List<AppendEntriesReplyProto> takeReady() {
        List<AppendEntriesReplyProto> taken = List.copyOf(ready);
        ready.clear();
        return taken;
    }

    private void send(List<AppendEntriesReplyProto> replies) {
        if (!replies.isEmpty()) {
            send.accept(replies);
        }
    }
}

package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.GroupId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.AlreadyClosedException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * Sends requests to a division of this process, without a hop or a copy.
 *
 * <p>Rests on a fact outside Ratis's documented API: a {@link RaftServer.Division} is a
 * {@link RaftClientAsynchronousProtocol}, whose method appends on the calling thread. The way round,
 * {@code RaftServer.submitClientRequestAsync}, changes threads and blocks the caller until the entry is appended.
 *
 * <p>One client id per host and group ({@link EntryOwner}) and a growing call id: nothing is ever found in Ratis's retry
 * cache.
 */
final class InProcessRequests {
    private final ClientId client = ClientId.randomId();
    private final long proposer = UUID.randomUUID().getLeastSignificantBits();
    private final AtomicLong callIds = new AtomicLong();
    private final RaftPeerId self;
    private final HostThreads threads;
    private final Duration timeout;
    private final Map<Long, CompletableFuture<RaftClientReply>> outstanding = new ConcurrentHashMap<>();
    private final AtomicLong outstandingKeys = new AtomicLong();

    InProcessRequests(RaftPeerId self, HostThreads threads, Duration timeout) {
        this.self = self;
        this.threads = threads;
        this.timeout = timeout;
    }

    /** For requests that leave nothing in a log. */
    ClientId client() {
        return client;
    }

    /** For a group's proposals. */
    ClientId clientOf(GroupId group) {
        return EntryOwner.clientId(group.value(), proposer);
    }

    long nextCallId() {
        return callIds.incrementAndGet();
    }

    RaftPeerId self() {
        return self;
    }

    Duration timeout() {
        return timeout;
    }

    /**
     * Replicates an entry.
     *
     * @param groupClient see {@link #clientOf}
     * @return the reply, which may itself carry an exception of Ratis
     */
    CompletableFuture<RaftClientReply> write(RaftServer.Division division, ClientId groupClient, ByteBuffer entry) {
        return submit(
                division, groupClient, UnsafeByteOperations.unsafeWrap(entry), RaftClientRequest.writeRequestType());
    }

    /** Waits until the division has applied what was committed before the call. */
    CompletableFuture<RaftClientReply> read(RaftServer.Division division) {
        return submit(division, client, ByteString.EMPTY, RaftClientRequest.readRequestType());
    }

    private CompletableFuture<RaftClientReply> submit(
            RaftServer.Division division, ClientId sender, ByteString message, RaftClientRequest.Type type) {
        RaftGroupId group = division.getMemberId().getGroupId();
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(sender)
                .setServerId(self)
                .setGroupId(group)
                .setCallId(nextCallId())
                .setMessage(Message.valueOf(message))
                .setType(type)
                .build();
        try {
            return bounded(
                    new GroupId(group.getUuid()),
                    ((RaftClientAsynchronousProtocol) division).submitClientRequestAsync(request));
        } catch (Exception failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    CompletableFuture<RaftClientReply> bounded(GroupId group, CompletableFuture<RaftClientReply> reply) {
        return bounded(group, reply, timeout);
    }

    /** Fails when the time is up; what hangs on the result then runs on a worker, not on the timer. */
    @SuppressWarnings("FutureReturnValueIgnored") // what it would hold goes into the result
    CompletableFuture<RaftClientReply> bounded(
            GroupId group, CompletableFuture<RaftClientReply> reply, Duration limit) {
        if (reply.isDone()) {
            return reply;
        }
        CompletableFuture<RaftClientReply> bounded = new CompletableFuture<>();
        long key = outstandingKeys.incrementAndGet();
        outstanding.put(key, bounded);
        Future<?> deadline = threads.timer()
                .schedule(
                        () -> threads.work()
                                .execute(() ->
                                        bounded.completeExceptionally(RatisErrors.timeout(group, limit.toMillis()))),
                        limit.toMillis(),
                        TimeUnit.MILLISECONDS);
        reply.whenComplete((answer, failure) -> {
            deadline.cancel(false);
            outstanding.remove(key);
            if (failure != null) {
                bounded.completeExceptionally(failure);
            } else {
                bounded.complete(answer);
            }
        });
        return bounded;
    }

    /** Fails what Ratis left unanswered when it stopped. */
    void close() {
        for (CompletableFuture<RaftClientReply> request : outstanding.values()) {
            request.completeExceptionally(new AlreadyClosedException("the host of the group is closed"));
        }
        outstanding.clear();
    }
}

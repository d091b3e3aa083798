package io.flotilla.raftlog.raft.ratis.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.ratis.simulation.Faults.Fate;
import io.flotilla.raftlog.raft.ratis.transport.Inbox;
import io.flotilla.raftlog.raft.ratis.transport.Kind;
import io.flotilla.raftlog.raft.ratis.transport.Lane;
import io.flotilla.raftlog.raft.ratis.transport.Message;
import io.flotilla.raftlog.raft.ratis.transport.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final RaftPeerId ONE = RaftPeerId.valueOf("1-router");
    private static final RaftPeerId TWO = RaftPeerId.valueOf("2-router");
    private static final UUID GROUP = new UUID(1, 1);
    private static final UUID OTHER = new UUID(1, 2);
    private static final int MESSAGES = 200;

    private final Router router = new Router(5);
    private final Collector inbox = new Collector();
    private final Collector sendersInbox = new Collector();
    private final Wire receiver = router.wire(TWO);
    private final Wire sender = router.wire(ONE);

    @BeforeEach
    void start() throws IOException {
        sender.addPeer(TWO, "127.0.0.1:1");
        sender.start(sendersInbox);
        receiver.start(inbox);
    }

    @AfterEach
    void close() throws IOException {
        sender.close();
        receiver.close();
        router.close();
    }

    private void send(int count) {
        for (int call = 0; call < count; call++) {
            assertThat(sender.send(TWO, vote(GROUP, call))).isTrue();
        }
    }

    private static Message vote(UUID group, long call) {
        return Message.of(Kind.VOTE, group, call, RequestVoteRequestProto.getDefaultInstance());
    }

    private static List<Long> inOrder(int count) {
        return LongStream.range(0, count).boxed().toList();
    }

    @Test
    void shouldDeliverEverythingInOrderWithoutFaults() {
        send(MESSAGES);

        await().atMost(PATIENCE).until(() -> inbox.calls.equals(inOrder(MESSAGES)));
    }

    @Test
    void shouldKeepTheOrderOfDelayedMessages() {
        router.set(Route.ofAll(ONE, TWO), new Faults(false, 0, 0, 0, 5));

        send(MESSAGES);

        await().atMost(PATIENCE).until(() -> inbox.calls.equals(inOrder(MESSAGES)));
    }

    @Test
    void shouldDropDuplicateAndReorder() {
        router.set(Route.ofAll(ONE, TWO), new Faults(false, 20, 20, 20, 5));

        send(MESSAGES);

        await().atMost(PATIENCE).until(() -> inbox.calls.stream().distinct().count() + router.lost() == MESSAGES);
        assertThat(inbox.calls.stream().distinct().count()).isLessThan(MESSAGES);
        assertThat(router.lost()).isBetween(1L, MESSAGES - 1L);
        await().atMost(PATIENCE)
                .until(() ->
                        inbox.calls.size() > inbox.calls.stream().distinct().count());
        assertThat(inbox.calls).isNotEqualTo(inbox.calls.stream().sorted().toList());
    }

    @Test
    void shouldCutOneDirectionOfOneGroup() {
        router.set(new Route(ONE, TWO, GROUP), Faults.CUT);

        assertThat(sender.send(TWO, vote(GROUP, 1))).isTrue();
        assertThat(sender.send(TWO, heartbeats(GROUP, OTHER))).isTrue();
        assertThat(sender.send(TWO, vote(OTHER, 2))).isTrue();

        await().atMost(PATIENCE).until(() -> inbox.calls.contains(2L));
        assertThat(inbox.calls).doesNotContain(1L);
        assertThat(inbox.parts).hasSize(1);
        assertThat(receiver.send(ONE, vote(GROUP, 3))).isTrue();
        await().atMost(PATIENCE).until(() -> sendersInbox.calls.contains(3L));
    }

    private static Message heartbeats(UUID... groups) {
        return Message.ofMany(
                Kind.HEARTBEATS,
                9,
                List.of(groups).stream()
                        .map(group -> AppendEntriesRequestProto.newBuilder()
                                .setServerRequest(RaftRpcRequestProto.newBuilder()
                                        .setRaftGroupId(RaftGroupIdProto.newBuilder()
                                                .setId(RaftGroupId.valueOf(group)
                                                        .toByteString())))
                                .build())
                        .toList());
    }

    @Test
    void shouldTellOfServersThatComeAndGo() throws IOException {
        await().atMost(PATIENCE).until(() -> sendersInbox.connected.size() == Lane.values().length);

        receiver.close();

        assertThat(sendersInbox.lost).hasSize(Lane.values().length);
        assertThat(sender.send(TWO, vote(GROUP, 1))).isFalse();
    }

    /** The seed decides what happens to the n-th message. */
    @Test
    void shouldDecideTheSameForTheSameSeed() {
        Faults faults = new Faults(false, 30, 30, 30, 10);
        long seed = new Route(ONE, TWO, GROUP).seed(5);

        List<Fate> first = fates(faults, seed);

        assertThat(fates(faults, seed)).isEqualTo(first);
        assertThat(fates(faults, new Route(ONE, TWO, GROUP).seed(6))).isNotEqualTo(first);
        assertThat(fates(faults, new Route(TWO, ONE, GROUP).seed(5))).isNotEqualTo(first);
    }

    private static List<Fate> fates(Faults faults, long seed) {
        return IntStream.range(0, 50)
                .mapToObj(n -> faults.fate(new SplittableRandom(seed + n)))
                .toList();
    }

    /** Keeps what arrives. */
    private static final class Collector implements Inbox {
        private final List<Long> calls = new CopyOnWriteArrayList<>();
        private final List<Object> parts = new CopyOnWriteArrayList<>();
        private final List<Lane> connected = new CopyOnWriteArrayList<>();
        private final List<Lane> lost = new CopyOnWriteArrayList<>();

        @Override
        public void received(RaftPeerId from, Message message) {
            if (message.kind().isOfMany()) {
                parts.addAll(message.parts());
            } else {
                calls.add(message.call());
            }
        }

        @Override
        public boolean admits(RaftPeerId from, Message.Envelope envelope) {
            return true;
        }

        @Override
        public void connected(RaftPeerId peer, Lane lane) {
            connected.add(lane);
        }

        @Override
        public void lost(RaftPeerId peer, Lane lane) {
            lost.add(lane);
        }
    }
}

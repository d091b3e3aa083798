package io.flotilla.raftlog.raft.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageDirectory;
import org.apache.ratis.server.storage.RaftStorageMetadata;
import org.apache.ratis.server.storage.RaftStorageMetadataFile;
import org.apache.ratis.statemachine.StateMachine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DurableVotesTest {
    private static final RaftPeerId ONE = RaftPeerId.valueOf("1-a");
    private static final RaftPeerId TWO = RaftPeerId.valueOf("2-b");

    private final List<Path> synced = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicReference<RaftStorageMetadata> metadata =
            new AtomicReference<>(RaftStorageMetadata.valueOf(1, ONE));
    private volatile boolean diskFails;
    private volatile CountDownLatch disk = new CountDownLatch(0);
    private final DurableVotes votes = new DurableVotes("votes-test", folder -> {
        synced.add(folder);
        try {
            disk.await();
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
        if (diskFails) {
            throw new IOException("injected");
        }
    });

    @AfterEach
    void close() {
        votes.close();
    }

    @Test
    void shouldSyncTheFolderOnceForEachChange() throws IOException {
        votes.ensure(member());
        votes.ensure(member());
        assertThat(synced).containsExactly(Path.of("group", "current"));

        metadata.set(RaftStorageMetadata.valueOf(2, ONE));
        votes.ensure(member());
        metadata.set(RaftStorageMetadata.valueOf(2, TWO));
        votes.ensure(member());
        votes.ensure(member());
        assertThat(synced).hasSize(3);
    }

    @Test
    void shouldLetNothingOutAfterAFailedSyncAndStopTheMember() {
        diskFails = true;
        assertThatThrownBy(() -> votes.ensure(member())).isInstanceOf(IOException.class);
        assertThat(failures).singleElement().isInstanceOf(IOException.class);

        diskFails = false;
        metadata.set(RaftStorageMetadata.valueOf(9, TWO));
        assertThatThrownBy(() -> votes.ensure(member())).hasMessageContaining("before");
        assertThat(synced).as("a failed sync is not tried again").hasSize(1);
    }

    /** Ratis interrupts a candidate's threads when it has enough votes. */
    @Test
    void shouldNotTakeAnInterruptForAFailedDisk() throws IOException {
        CountDownLatch slow = new CountDownLatch(1); // what is durable already needs no waiting, interrupted or not
        disk = slow;
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> votes.ensure(member())).isInstanceOf(IOException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
            slow.countDown();
        }

        votes.ensure(member());
        assertThat(failures).isEmpty();
    }

    /** As much of a member as is asked for. */
    private RaftServer.Division member() {
        RaftStorageMetadataFile file = fake(RaftStorageMetadataFile.class, name -> metadata.get());
        RaftStorageDirectory directory = fake(RaftStorageDirectory.class, name -> new File("group/current"));
        RaftStorage storage = fake(RaftStorage.class, name -> name.equals("getMetadataFile") ? file : directory);
        StateMachine.EventApi events = fake(StateMachine.EventApi.class, name -> {
            failures.add(new IOException(name));
            return null;
        });
        StateMachine stateMachine = fake(StateMachine.class, name -> events);
        return fake(RaftServer.Division.class, name -> switch (name) {
            case "getMemberId" -> RaftGroupMemberId.valueOf(ONE, RaftGroupId.valueOf(new UUID(1, 1)));
            case "getRaftStorage" -> storage;
            default -> stateMachine;
        });
    }

    private interface Answers {
        @Nullable
        Object to(String method);
    }

    private static <T> T fake(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.to(method.getName())));
    }
}

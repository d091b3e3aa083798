package io.flotilla.raftlog.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.PeerChanges;
import io.flotilla.raftlog.segment.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica whose Raft member has lost its files leaves its group and joins it anew, step by step. */
class MemberRepairTest {
    private static final PartitionId ID = new PartitionId(new UUID(7, 8), 3);
    private static final PartitionSettings SETTINGS = new PartitionSettings(64 << 10, 32 << 10);

    private final Changes changes = new Changes();
    private Path data;
    private PartitionHost host;
    private FakeRaftHost raft;

    /** Tells the host's list of calls what it was asked for; refuses as often as it is told to. */
    private final class Changes implements PeerChanges {
        final AtomicInteger removalsToRefuse = new AtomicInteger();
        final AtomicInteger additionsToRefuse = new AtomicInteger();

        @Override
        public void remove(GroupId group) throws IOException {
            answer("remove", removalsToRefuse);
        }

        @Override
        public void add(GroupId group) throws IOException {
            answer("add", additionsToRefuse);
        }

        private void answer(String call, AtomicInteger toRefuse) throws IOException {
            if (toRefuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                raft.calls().add(call + " refused");
                throw new IOException("no leader is there");
            }
            raft.calls().add(call);
        }
    }

    @BeforeEach
    void startWithALostMember(@TempDir Path folder) throws IOException {
        data = folder;
        host = PartitionHost.open(data, StorageSettings.DEFAULT);
        raft = new FakeRaftHost(host::stateOf);
        raft.start();
        host.attach(raft, changes);
        host.create(ID, SETTINGS, List.of());
        host.find(ID).orElseThrow().append(TestBatches.of(1_000, "kept")).join();
        stop();
        raft.loseMember(ID.groupId());
    }

    @AfterEach
    void stop() throws IOException {
        raft.close();
        host.close();
    }

    private void start() throws IOException {
        host = PartitionHost.open(data, StorageSettings.DEFAULT);
        raft = raft.restarted(host::stateOf);
        raft.start();
        host.attach(raft, changes);
    }

    private Partition partition() {
        return host.find(ID).orElseThrow();
    }

    private ConditionFactory repairing() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5));
    }

    private void repairUntil(String call) {
        repairing().until(() -> {
            host.repair(ID);
            return raft.calls().contains(call);
        });
    }

    @Test
    void shouldLeaveTheGroupBeforeItOpensAndBecomeAVoterLast() throws IOException {
        start();
        repairUntil("rejoined");

        assertThat(raft.calls()).containsExactly("remove", "rejoin", "add", "rejoined");
        assertThat(partition().failure()).isEmpty();
        assertThat(partition().highWatermark()).isEqualTo(1);
    }

    @Test
    void shouldStayStoppedUntilItIsTakenOut() throws IOException {
        changes.removalsToRefuse.set(Integer.MAX_VALUE);

        start();
        repairUntil("remove refused");

        assertThat(partition().leadership().role()).isEqualTo(Leadership.Role.STOPPED);
        assertThat(partition().failure()).containsInstanceOf(DamagedMember.class);
        assertThat(raft.calls()).containsOnly("remove refused");
        changes.removalsToRefuse.set(0);
        repairUntil("rejoined");
        assertThat(partition().failure()).isEmpty();
    }

    @Test
    void shouldOnlyAskAgainToBecomeAVoterOnceItIsOpen() throws IOException {
        changes.additionsToRefuse.set(2);

        start();
        repairUntil("rejoined");

        assertThat(raft.calls()).containsExactly("remove", "rejoin", "add refused", "add refused", "add", "rejoined");
    }

    @Test
    void shouldBeginAgainAfterACrashOnTheWay() throws IOException {
        changes.additionsToRefuse.set(Integer.MAX_VALUE);
        start();
        repairUntil("add refused");
        stop();
        raft.loseMember(ID.groupId()); // as a host refuses a group that has half joined
        changes.additionsToRefuse.set(0);

        start();
        repairUntil("rejoined");

        assertThat(raft.calls()).containsExactly("remove", "rejoin", "add", "rejoined");
        assertThat(partition().highWatermark()).isEqualTo(1);
    }

    @Test
    void shouldComeBackWhenItsFolderIsGoneAndItsMemberIsNotTrusted() throws IOException {
        DurableFiles.deleteFolder(data.resolve("partitions").resolve(ID.toString()));
        start();
        assertThat(host.find(ID)).isEmpty();

        host.create(ID, SETTINGS, List.of());
        repairUntil("rejoined");

        assertThat(raft.calls()).containsExactly("remove", "rejoin", "add", "rejoined");
        assertThat(partition().highWatermark()).isEqualTo(1);
    }
}

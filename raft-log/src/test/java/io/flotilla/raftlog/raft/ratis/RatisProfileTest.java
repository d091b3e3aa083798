package io.flotilla.raftlog.raft.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raftlog.raft.RaftSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Read;
import org.apache.ratis.server.RaftServerConfigKeys.Write;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatisProfileTest {
    private static final RaftSettings SETTINGS = RaftSettings.in(Path.of("raft"));

    @Test
    void shouldKeepEveryAcknowledgementBehindAnFsync() {
        RaftProperties properties = RatisProfile.of(SETTINGS);

        assertThat(Log.asyncFlushEnabled(properties)).isFalse();
        assertThat(Log.unsafeFlushEnabled(properties)).isFalse();
        assertThat(Log.useMemory(properties)).isFalse();
        assertThat(Log.appendEntriesComposeEnabled(properties)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "raft.server.log.async-flush.enabled, true",
        "raft.server.log.unsafe-flush.enabled, true",
        "raft.server.log.append-entries.compose.enabled, false",
        "raft.server.log.use.memory, true",
        "raft.server.leaderelection.pre-vote, false",
        "raft.server.log.appender.install.snapshot.enabled, true"
    })
    void shouldRefuseWhatCouldLoseAcknowledgedEntries(String key, String value) {
        RaftSettings unsafe = SETTINGS.withLibraryProperties(Map.of(key, value));

        assertThatThrownBy(() -> RatisProfile.of(unsafe))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(value);
    }

    /** An election that does not wait for timeouts waits for the lease. */
    @ParameterizedTest
    @CsvSource({"200, 60", "1000, 300", "3000, 300"})
    void shouldTrustAnswersForLessThanATimeout(int timeoutMinMillis, long leaseMillis) {
        Duration min = Duration.ofMillis(timeoutMinMillis);
        var elections = new RaftSettings.Elections(min, min.multipliedBy(2), min, min.multipliedBy(2));

        RaftProperties properties = RatisProfile.of(SETTINGS.withElections(elections));

        assertThat(Read.leaderLeaseEnabled(properties)).isTrue();
        assertThat(Math.round(Read.leaderLeaseTimeoutRatio(properties) * timeoutMinMillis))
                .isEqualTo(leaseMillis);
    }

    @Test
    void shouldTakeOtherLibraryPropertiesLast() {
        RaftProperties properties =
                RatisProfile.of(SETTINGS.withLibraryProperties(Map.of(Log.FORCE_SYNC_NUM_KEY, "7")));

        assertThat(Log.forceSyncNum(properties)).isEqualTo(7);
    }

    @Test
    void shouldHaveRoomForTheLargestEntryEverywhere() {
        RaftProperties properties = RatisProfile.of(SETTINGS);
        GrpcTransport.configure(properties, SETTINGS);
        long entry = SETTINGS.log().entryBytesMax();

        long append = Log.Appender.bufferByteLimit(properties).getSize();

        assertThat(append).isGreaterThan(entry);
        assertThat(Log.writeBufferSize(properties).getSize()).isGreaterThanOrEqualTo(append + 8);
        assertThat(Write.byteLimit(properties).getSize()).isGreaterThanOrEqualTo(append);
        // A full queue blocks under the group's lock.
        assertThat(Log.queueByteLimit(properties).getSize())
                .isGreaterThanOrEqualTo(Write.byteLimit(properties).getSize());
        assertThat(Log.queueElementLimit(properties)).isGreaterThanOrEqualTo(Write.elementLimit(properties));
        assertThat(GrpcConfigKeys.messageSizeMax(properties, line -> {}).getSize())
                .isGreaterThan(append + 1024 * 1024 - 1);
    }

    @Test
    void shouldLeaveSnapshotsAndPurgingToUs() {
        RaftProperties properties = RatisProfile.of(SETTINGS);

        assertThat(RaftServerConfigKeys.Snapshot.autoTriggerThreshold(properties))
                .isZero(); // lets updaters rest
        assertThat(RaftServerConfigKeys.Snapshot.triggerWhenStopEnabled(properties))
                .isFalse();
        assertThat(Log.Appender.installSnapshotEnabled(properties)).isFalse();
        assertThat(Read.leaderLeaseEnabled(properties)).isTrue();
        assertThat(Read.option(properties)).isEqualTo(Read.Option.LINEARIZABLE);
    }
}

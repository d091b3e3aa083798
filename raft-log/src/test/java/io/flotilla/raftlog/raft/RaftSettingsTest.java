package io.flotilla.raftlog.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raftlog.raft.tls.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RaftSettingsTest {
    private static final RaftSettings SETTINGS = RaftSettings.in(Path.of("raft"));

    @Test
    void shouldNameTheSettingAtFault() {
        assertThatThrownBy(() -> SETTINGS.withAddress("h", "h", 65536))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port is 65536; allowed: 0 to 65535");
        assertThatThrownBy(() -> SETTINGS.withElectionTimeout(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("electionTimeoutMax is PT1S");
        assertThatThrownBy(() -> SETTINGS.withCheckpoints(Duration.ZERO, 1)).hasMessageContaining("checkpointInterval");
        assertThatThrownBy(() -> SETTINGS.withWork(0, Duration.ofSeconds(1))).hasMessageContaining("workThreads is 0");
    }

    @Test
    void shouldAllowTheLargestEntryToBePending() {
        RaftSettings.Proposals pending = new RaftSettings.Proposals(1, 1024 * 1024, Duration.ofSeconds(1));

        assertThatThrownBy(() -> SETTINGS.withProposals(pending)).hasMessageContaining("pendingBytesMax is 1048576");
    }

    @Test
    void shouldRefuseATransportThatCouldNotCarryARequest() {
        RaftSettings.Transport transport = RaftSettings.Transport.DEFAULT;

        assertThatThrownBy(() -> new RaftSettings.Transport(
                        transport.kind(),
                        "",
                        1,
                        2048,
                        1024,
                        transport.silenceMax(),
                        transport.threads(),
                        transport.tls(),
                        transport.links()))
                .hasMessageContaining("peerBytesInFlightMax is 1024");
        assertThatThrownBy(() -> transport.withRealm("x".repeat(256))).hasMessageContaining("at most 255 bytes");
        assertThat(transport.kind()).isEqualTo(RaftSettings.Transport.Kind.NETTY);
        TlsFiles files = new TlsFiles(Path.of("certificate"), Path.of("key"), Path.of("ca"));
        assertThatThrownBy(() -> transport.withTls(files).withKind(RaftSettings.Transport.Kind.GRPC))
                .hasMessage("kind is GRPC; allowed: NETTY, since tls is given");
    }

    @Test
    void shouldChangeOnePartAtATime() {
        RaftSettings changed = SETTINGS.withAddress("a", "b", 9095).withElections(RaftSettings.Elections.MANY_GROUPS);

        assertThat(changed.address()).isEqualTo(new RaftSettings.Address("a", "b", 9095));
        assertThat(changed.elections().timeoutMin()).isEqualTo(Duration.ofSeconds(3));
        assertThat(changed.log()).isEqualTo(RaftSettings.Log.DEFAULT);
        assertThat(changed.directory()).isEqualTo(SETTINGS.directory());
    }
}

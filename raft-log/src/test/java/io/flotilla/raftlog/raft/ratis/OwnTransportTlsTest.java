package io.flotilla.raftlog.raft.ratis;

import static io.flotilla.raftlog.raft.ratis.Hosts.PATIENCE;
import static io.flotilla.raftlog.raft.ratis.Hosts.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.tls.PeerCertificate;
import io.flotilla.raftlog.raft.tls.TestAuthority;
import io.flotilla.raftlog.raft.tls.UnusableTlsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three hosts on the loopback address over TLS. */
class OwnTransportTlsTest {
    private static final GroupId GROUP = new GroupId(new UUID(1, 2));
    private static final String REALM = "prod";

    private final TestAuthority authority = new TestAuthority("ca");
    private final Path folder;

    OwnTransportTlsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** Each with a certificate of its own. */
    private RaftSettings secured(int node, RaftSettings settings) {
        String name = PeerCertificate.nameOf(REALM, Hosts.peerId(node).value());
        try {
            return settings.withTransport(settings.transport()
                    .withRealm(REALM)
                    .withTls(authority.files(folder.resolve("tls-" + node), authority.sign(name))));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void shouldElectReplicateAndGoOnAfterTheLeaderStopped() throws IOException {
        try (Hosts hosts = Hosts.start(3, folder, this::secured)) {
            hosts.create(GROUP);
            int leader = hosts.awaitLeader(GROUP);
            List<String> proposed = new ArrayList<>();
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                proposed.add("before-" + i);
                answers.add(hosts.group(leader, GROUP).propose(bytes("before-" + i)));
            }
            assertThat(CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(PATIENCE);

            hosts.stop(leader);
            int next = hosts.awaitLeader(GROUP);
            hosts.propose(next, GROUP, "after");
            proposed.add("after");
            hosts.start(leader);

            assertThat(next).isNotEqualTo(leader);
            for (int node = 1; node <= 3; node++) {
                ListState state = hosts.state(node, GROUP);
                await().atMost(PATIENCE).until(() -> state.entries().equals(proposed));
            }
        }
    }

    @Test
    void shouldNotOpenWithTheCertificateOfAnother() {
        RaftSettings settings = secured(2, RaftSettings.in(folder.resolve("raft")));

        assertThatThrownBy(() -> RatisHost.open(settings, Hosts.peerId(1), id -> Optional.empty()))
                .isInstanceOf(UnusableTlsFile.class)
                .hasMessageContaining("this broker is flotilla://prod/broker/1-d1");
    }
}

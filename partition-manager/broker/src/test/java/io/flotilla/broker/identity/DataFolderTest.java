package io.flotilla.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.broker.config.ConfigException;
import io.flotilla.broker.config.HostPort;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    private static final Membership MEMBERSHIP = new Membership(
            "cluster-1",
            List.of(new Peer(PeerId.of(2, "bb"), "::1", 9095), new Peer(PeerId.of(1, "aa"), "host", 9095)));

    private static final List<VoterContact> CONTACTS =
            List.of(new VoterContact(4, new HostPort("::1", 9094)), new VoterContact(5, new HostPort("host", 9094)));

    private final Path temporary;

    DataFolderTest(@TempDir Path temporary) {
        this.temporary = temporary;
    }

    @Test
    void shouldFormatANewFolderAndKeepItsIdentity() throws IOException {
        Identity made;
        try (DataFolder folder = DataFolder.open(path(), 1)) {
            made = folder.identity();
        }

        try (DataFolder folder = DataFolder.open(path(), 1)) {
            assertThat(folder.identity()).isEqualTo(made);
            assertThat(made.membership()).isEmpty();
            assertThat(made.directoryId()).matches("[0-9a-f]{16}");
        }
    }

    @Test
    void shouldRememberItsCluster() throws IOException {
        try (DataFolder folder = DataFolder.open(path(), 1)) {
            folder.join(MEMBERSHIP);
            folder.metadataStarted();
        }

        try (DataFolder folder = DataFolder.open(path(), 1)) {
            assertThat(folder.identity().membership()).contains(MEMBERSHIP);
            assertThat(folder.identity().metadataStarted()).isTrue();
        }
    }

    @Test
    void shouldRememberWhoVotesAndThatItDoesNotAnyMore() throws IOException {
        try (DataFolder folder = DataFolder.open(path(), 1)) {
            folder.join(MEMBERSHIP);
            folder.metadataStarted();
            folder.contacts(CONTACTS);
            folder.metadataRetired();
        }

        try (DataFolder folder = DataFolder.open(path(), 1)) {
            assertThat(folder.identity().contacts()).isEqualTo(CONTACTS);
            assertThat(folder.identity().metadataRetired()).isTrue();

            folder.metadataStarted();
            assertThat(folder.identity().metadataRetired()).isFalse();
        }
    }

    @Test
    void shouldRefuseAnotherCluster() throws IOException {
        try (DataFolder folder = DataFolder.open(path(), 1)) {
            folder.join(MEMBERSHIP);

            assertThatThrownBy(() -> folder.join(new Membership("cluster-2", MEMBERSHIP.voters())))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContainingAll(path().toString(), "cluster-1", "cluster-2");
        }
    }

    @Test
    void shouldRefuseAFolderInUse() throws IOException {
        try (DataFolder folder = DataFolder.open(path(), 1)) {
            assertThatThrownBy(() -> DataFolder.open(path(), 1))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContainingAll(folder.path().toString(), "in use");
        }
    }

    @Test
    void shouldRefuseAnotherNode() throws IOException {
        DataFolder.open(path(), 1).close();

        assertThatThrownBy(() -> DataFolder.open(path(), 2))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("belongs to node 1", "node.id is 2");
    }

    @Test
    void shouldRefuseDataWithoutIdentity() throws IOException {
        Files.createDirectories(path().resolve("partitions"));

        assertThatThrownBy(() -> DataFolder.open(path(), 1)).hasMessageContainingAll("partitions", "meta.properties");
    }

    @Test
    void shouldNoticeEveryFlippedBitOfItsIdentity() throws IOException {
        Identity all = new Identity(1, "aa", Optional.of(MEMBERSHIP), true, true, CONTACTS);
        byte[] good = MetaProperties.encode(all);
        assertThat(MetaProperties.decode(good)).isEqualTo(all);

        for (int bit = 0; bit < good.length * Byte.SIZE; bit++) {
            byte[] bad = good.clone();
            bad[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            assertThatThrownBy(() -> MetaProperties.decode(bad))
                    .as("bit %d", bit)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldRepairItsIdentityFromTheCopyAndTheCopyFromIt() throws IOException {
        Identity made;
        try (DataFolder folder = DataFolder.open(path(), 1)) {
            folder.join(MEMBERSHIP);
            made = folder.identity();
        }
        byte[] good = Files.readAllBytes(path().resolve("meta.properties"));

        for (String name : List.of("meta.properties", "meta.properties.copy")) {
            for (boolean gone : List.of(true, false)) {
                Files.writeString(path().resolve(name), "format.version=1\n");
                if (gone) {
                    Files.delete(path().resolve(name));
                }

                try (DataFolder folder = DataFolder.open(path(), 1)) {
                    assertThat(folder.identity()).isEqualTo(made);
                }
                assertThat(path().resolve("meta.properties")).hasBinaryContent(good);
                assertThat(path().resolve("meta.properties.copy")).hasBinaryContent(good);
            }
        }
    }

    @Test
    void shouldRefuseTheIdentityOfAnotherFolder() throws IOException {
        DataFolder.open(path(), 1).close();
        Path foreign = temporary.resolve("foreign");
        DataFolder.open(foreign, 1).close();
        Files.copy(
                foreign.resolve("meta.properties"),
                path().resolve("meta.properties"),
                StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> DataFolder.open(path(), 1)).hasMessageContaining("another folder's");
    }

    @Test
    void shouldSayHowToRecoverFromADamagedIdentity() throws IOException {
        DataFolder.open(path(), 1).close();
        Files.writeString(path().resolve("meta.properties"), "format.version=1\n");
        Files.writeString(path().resolve("meta.properties.copy"), "format.version=1\n");

        assertThatThrownBy(() -> DataFolder.open(path(), 1)).hasMessageContainingAll("damaged", "restore");
    }

    private Path path() {
        return temporary.resolve("data");
    }
}

package io.flotilla.raftlog.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksIndexStoreTest extends IndexStoreContract {
    private final Path folder;

    RocksIndexStoreTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Override
    IndexStore openStore() throws IOException {
        return RocksIndexStore.open(folder, 4 << 20, 4 << 20, 64);
    }

    @Test
    void shouldKeepWhatWasMarked() throws IOException {
        store.of(LOG).add(List.of(point(10, 1)));
        store.of(LOG).mark(20);

        store.close();
        store = openStore();

        assertThat(store.of(LOG).marked()).hasValue(20);
        assertThat(store.of(LOG).atOrBefore(15)).contains(point(10, 1));
    }

    @Test
    void shouldStartEmptyInPlaceOfACorruptDatabase() throws IOException {
        store.of(LOG).mark(20);
        store.close();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("MANIFEST")) {
                    Files.write(file, new byte[100]);
                }
            }
        }

        store = openStore();

        assertThat(store.logs()).isEmpty();
        addNeighbours();
    }

    @Test
    void shouldStartEmptyInPlaceOfADatabaseThatNamesAMissingFile() throws IOException {
        store.of(LOG).mark(20);
        store.close();
        Files.writeString(folder.resolve("CURRENT"), "MANIFEST-000099\n");

        store = openStore();

        assertThat(store.logs()).isEmpty();
        addNeighbours();
    }

    @Test
    void shouldRefuseAFolderInUseAndLeaveItAlone() throws IOException {
        store.of(LOG).mark(20);

        assertThatThrownBy(this::openStore).isInstanceOf(IOException.class).hasMessageContaining("lock");
        assertThat(store.of(LOG).marked()).hasValue(20);
    }

    @Test
    void shouldFailCallsAfterItsEnd() throws IOException {
        LogIndex index = store.of(LOG);
        store.close();

        assertThatThrownBy(() -> index.atOrBefore(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
        store = openStore();
        addNeighbours();
    }
}

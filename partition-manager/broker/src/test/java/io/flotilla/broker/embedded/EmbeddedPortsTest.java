package io.flotilla.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.broker.ports.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPortsTest {
    @Test
    void shouldKeepThePortsThatADataFolderRemembers(@TempDir Path folder) throws IOException {
        List<Integer> ports = FreePorts.ofProcess().find(2, Set.of());
        Files.write(folder.resolve("ports"), ports.stream().map(String::valueOf).toList());
        var settings = new EmbeddedSettings(1, folder, 0);

        for (int start = 0; start < 1_000; start++) { // more often than there are ports in the block
            EmbeddedPorts again = EmbeddedPorts.of(settings);
            assertThat(List.of(again.grpc(1), again.internal(1))).isEqualTo(ports);
            assertThat(ports).doesNotContain(again.http(1));
        }
    }
}

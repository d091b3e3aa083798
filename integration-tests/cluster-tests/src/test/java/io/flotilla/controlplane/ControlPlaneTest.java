package io.flotilla.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics are made and deleted, brokers restart; then the metadata of each is what the log leads to. */
final class ControlPlaneTest {
    private static final RunSettings SETTINGS = new RunSettings(60, 8, 2, 42);

    @Test
    void shouldHaveTheMetadataToWhichTheLogLeads(@TempDir Path folder) throws IOException {
        List<String> story = new ArrayList<>();

        ControlPlaneRun.Result result = new ControlPlaneRun(SETTINGS, folder, story::add).run();

        assertThat(result.complaints())
                .as("%s, %s, %s", SETTINGS, result.calls(), story)
                .isEmpty();
        assertThat(result.figures().snapshots()).isEqualTo(3);
        assertThat(result.figures().terms()).isGreaterThan(1);
        assertThat(result.figures().topicsMade()).isPositive();
        assertThat(result.calls().unknown()).isLessThan(SETTINGS.calls() / 10);
    }
}

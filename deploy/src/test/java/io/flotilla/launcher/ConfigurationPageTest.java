package io.flotilla.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.broker.config.BrokerKeys;
import io.flotilla.broker.config.ConfigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the operators' page of settings to the broker's own table. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("docs", "configuration.md");
    private static final String BEGIN = "| Setting |";

    @Test
    void shouldListEverySettingAsTheBrokerKnowsIt() throws IOException {
        String table = Files.readString(PAGE)
                .lines()
                .dropWhile(line -> !line.startsWith(BEGIN))
                .takeWhile(line -> line.startsWith("|"))
                .collect(Collectors.joining("\n"));

        assertThat(table)
                .as("copy the expected table into deploy/docs/configuration.md")
                .isEqualTo(expectedTable());
    }

    private static String expectedTable() {
        String rows = BrokerKeys.ALL.stream().map(ConfigurationPageTest::row).collect(Collectors.joining("\n"));
        return BEGIN + " Values | Default | Meaning |\n|---|---|---|---|\n" + rows;
    }

    private static String row(ConfigKey key) {
        return "| " + String.join(" | ", List.of(name(key), values(key), defaultOf(key), key.doc())) + " |";
    }

    private static String name(ConfigKey key) {
        String aliases = key.aliases().stream().map(alias -> "`" + alias + "`").collect(Collectors.joining(", "));
        return "`" + key.name() + "`" + (aliases.isEmpty() ? "" : " (also " + aliases + ")");
    }

    private static String values(ConfigKey key) {
        return switch (key.type()) {
            case INTEGER -> key.min() + " to " + key.max();
            case TEXT -> "text";
            case FOLDER -> "folder";
        };
    }

    private static String defaultOf(ConfigKey key) {
        String value = key.defaultValue();
        if (value == null) {
            return "required";
        }
        return value.isEmpty() ? "" : "`" + value + "`";
    }
}

package io.flotilla.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryTest {
    private final Path directory;

    HistoryTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void shouldHaveAnExampleOfEveryKindOfEvent() {
        var kinds = EveryEvent.list().stream().map(Object::getClass).collect(Collectors.toSet());

        assertThat(kinds).containsExactlyInAnyOrder(Event.class.getPermittedSubclasses());
    }

    @Test
    void shouldReadWhatWasWritten() {
        try (var writer = HistoryWriter.open(directory, "client")) {
            EveryEvent.list().forEach(writer::write);
        }

        assertThat(read()).isEqualTo(EveryEvent.list());
    }

    @Test
    void shouldReadTheStoredHistoryOfFormat1() {
        var events = new ArrayList<Event>();

        var summary = HistoryReader.read(Path.of(resource("format-1")), events::add);

        assertThat(events).isEqualTo(EveryEvent.list());
        assertThat(summary.isWhole()).isTrue();
    }

    @Test
    void shouldWriteJsonThatOthersRead() throws IOException {
        try (var writer = HistoryWriter.open(directory, "client")) {
            EveryEvent.list().forEach(writer::write);
        }

        for (String line : Files.readAllLines(directory.resolve("client.jsonl"))) {
            assertThat(JsonParser.parseString(line).getAsJsonObject().has("t")).isTrue();
        }
        String first = Files.readAllLines(directory.resolve("client.jsonl")).get(0);
        assertThat(JsonParser.parseString(first)
                        .getAsJsonObject()
                        .getAsJsonObject("m")
                        .get("note")
                        .getAsString())
                .isEqualTo("a \"b\" \\ \u00fc\n");
    }

    @Test
    void shouldPutRacingLinesAndFilesInOrder() {
        var random = new Random(7);
        try (var one = HistoryWriter.open(directory, "one");
                var other = HistoryWriter.open(directory, "other")) {
            var block = new ArrayList<Event>();
            for (int i = 0; i < 20_000; i++) {
                block.add(new Event.NodeStarted(i, 1));
                if (block.size() == 500) {
                    Collections.shuffle(block, random);
                    block.forEach(event -> (random.nextInt(3) == 0 ? one : other).write(event));
                    block.clear();
                }
            }
        }

        assertThat(read()).hasSize(20_000).isSortedAccordingTo((a, b) -> Long.compare(a.nanos(), b.nanos()));
    }

    @Test
    void shouldCountLinesThatComeTooLateToBePutInOrder() {
        try (var writer = HistoryWriter.open(directory, "client")) {
            for (int i = 1; i <= HistoryFile.WINDOW_LINES + 1; i++) {
                writer.write(new Event.NodeStarted(i, 1));
            }
            writer.write(new Event.NodeStarted(0, 1));
        }

        assertThat(HistoryReader.read(directory, event -> {}).behind()).isEqualTo(1);
    }

    @Test
    void shouldTellOfACutLastLine() throws IOException {
        try (var writer = HistoryWriter.open(directory, "client")) {
            writer.write(new Event.NodeStarted(1, 1));
            writer.write(new Event.NodeStarted(2, 1));
        }
        Path file = directory.resolve("client.jsonl");
        byte[] whole = Files.readAllBytes(file);

        for (int cut = 2; cut < whole.length / 2; cut++) {
            Files.write(file, Arrays.copyOf(whole, whole.length - cut));
            var events = new ArrayList<Event>();
            var summary = HistoryReader.read(directory, events::add);

            assertThat(events).containsExactly(new Event.NodeStarted(1, 1));
            assertThat(summary.cut()).containsExactly(file + ", line 2");
        }
    }

    @Test
    void shouldNameFileLineAndReasonOfABadLine() throws IOException {
        Path file = directory.resolve("client.jsonl");
        String good = "{\"e\":\"started\",\"t\":1,\"n\":1}\n";
        for (String bad : List.of(
                "{\"e\":\"started\",\"t\":1}\n",
                "nonsense\n",
                "{\"e\":\"who\",\"t\":1}\n",
                "{\"e\":\"started\",\"t\":\"1\",\"n\":1}\n",
                "{\"e\":\"started\",\"t\":1,\"n\":1}x\n")) {
            Files.writeString(file, good + bad + good);

            assertThatThrownBy(() -> HistoryReader.read(directory, event -> {}))
                    .isInstanceOf(HistoryException.class)
                    .hasMessageStartingWith(file + ", line 2: ");
        }
    }

    @Test
    void shouldRefuseAHistoryOfALaterFormatAndAFolderWithoutOne() throws IOException {
        assertThatThrownBy(() -> HistoryReader.read(directory, event -> {})).hasMessageContaining("no history");
        Files.writeString(
                directory.resolve("client.jsonl"),
                "{\"e\":\"run\",\"t\":0,\"f\":2,\"S\":1,\"P\":\"x\",\"B\":3,\"m\":{}}\n");

        assertThatThrownBy(() -> HistoryReader.read(directory, event -> {})).hasMessageContaining("format 2");
    }

    @Test
    void shouldPassOverKeysOfLaterFormats() throws IOException {
        Files.writeString(
                directory.resolve("client.jsonl"),
                "{\"e\":\"started\",\"t\":1,\"new\":{\"a\":[1,\"}\"]},\"\":null,\"n\":1}");

        assertThat(read()).containsExactly(new Event.NodeStarted(1, 1));
    }

    private List<Event> read() {
        var events = new ArrayList<Event>();
        HistoryReader.read(directory, events::add);
        return events;
    }

    private static String resource(String name) {
        var url = HistoryTest.class.getResource(name);
        assertThat(url).isNotNull();
        return url.getPath();
    }
}

package io.flotilla.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrinterTest {

    private record Boat(String name, long sails, Instant built) {
        Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", name);
            fields.put("sails", sails);
            fields.put("built", built);
            return fields;
        }
    }

    private static final Kind<Boat> BOAT = new Kind<>(
            "Boat",
            Boat::name,
            Boat::fields,
            List.of(Column.text("NAME", Boat::name), Column.number("SAILS", Boat::sails)),
            boat -> List.of("", "built " + boat.built()));

    private static final List<Boat> BOATS =
            List.of(new Boat("argo", 1, Instant.EPOCH), new Boat("beagle", 1L << 60, Instant.EPOCH));

    @Test
    void shouldAlignColumnsWithoutTrailingSpaces() {
        assertThat(listed(OutputFormat.TABLE)).isEqualTo("""
                NAME                  SAILS
                argo                      1
                beagle  1152921504606846976
                """);
    }

    @Test
    void shouldPrintHeadingsOfAnEmptyTable() {
        assertThat(printed(OutputFormat.TABLE, printer -> printer.list(BOAT, List.of())))
                .isEqualTo("NAME  SAILS\n");
    }

    @Test
    void shouldPrintOneJsonDocumentWithVersionAndKind() {
        var document = JsonParser.parseString(listed(OutputFormat.JSON)).getAsJsonObject();

        assertThat(document.get("apiVersion").getAsString()).isEqualTo("flotilla/v1");
        assertThat(document.get("kind").getAsString()).isEqualTo("BoatList");
        var beagle = document.getAsJsonArray("items").get(1).getAsJsonObject();
        assertThat(beagle.get("sails").getAsLong()).isEqualTo(1L << 60);
        assertThat(beagle.get("built").getAsString()).isEqualTo("1970-01-01T00:00:00Z");
    }

    @Test
    void shouldPrintOneObjectALineWithoutEnvelope() {
        assertThat(listed(OutputFormat.JSONL).lines())
                .first()
                .isEqualTo("{\"name\":\"argo\",\"sails\":1,\"built\":\"1970-01-01T00:00:00Z\"}");
    }

    @Test
    void shouldPrintBareNames() {
        assertThat(listed(OutputFormat.NAME)).isEqualTo("argo\nbeagle\n");
    }

    @Test
    void shouldShowDetailsUnderTheRow() {
        assertThat(printed(OutputFormat.TABLE, printer -> printer.show(BOAT, BOATS.get(0))))
                .isEqualTo("NAME  SAILS\nargo      1\n\nbuilt 1970-01-01T00:00:00Z\n");
    }

    private static String listed(OutputFormat format) {
        return printed(format, printer -> printer.list(BOAT, BOATS));
    }

    private static String printed(OutputFormat format, java.util.function.Consumer<Printer> action) {
        var bytes = new ByteArrayOutputStream();
        action.accept(new Printer(new PrintStream(bytes, false, UTF_8), format));
        return bytes.toString(UTF_8);
    }
}

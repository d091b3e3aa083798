package io.flotilla.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.broker.metrics.BrokerMetrics;
import io.flotilla.broker.metrics.MetricDescription;
import io.flotilla.broker.metrics.MetricDescription.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the operators' pages to the broker's catalogue of metrics. With {@code -Dflotilla.docs.write=true} the table is
 * written anew.
 */
class MetricsPageTest {
    private static final Path PAGE = Path.of("docs", "metrics.md");
    private static final Path ALERTS = Path.of("monitoring", "alerts.yml");
    private static final Path MONITORING = Path.of("docs", "monitoring.md");
    private static final String BEGIN = "| Metric |";
    private static final boolean WRITE = Boolean.getBoolean("flotilla.docs.write");

    private static final Pattern METRIC = Pattern.compile("\\b(?:flotilla|jvm|process|system)_[a-z0-9_]+\\b");
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");

    @Test
    void shouldListEveryMetricAsTheBrokerKnowsIt() throws IOException {
        String page = Files.readString(PAGE);
        String table = page.lines()
                .dropWhile(line -> !line.startsWith(BEGIN))
                .takeWhile(line -> line.startsWith("|"))
                .collect(Collectors.joining("\n"));
        if (WRITE) {
            Files.writeString(PAGE, page.replace(table, expectedTable()));
            return;
        }

        assertThat(table)
                .as("run this test with -Dflotilla.docs.write=true, which writes deploy/docs/metrics.md")
                .isEqualTo(expectedTable());
    }

    private static String expectedTable() {
        String rows =
                BrokerMetrics.catalogue().stream().map(MetricsPageTest::row).collect(Collectors.joining("\n"));
        return BEGIN + " Kind | Unit | Labels | Meaning |\n|---|---|---|---|---|\n" + rows;
    }

    private static String row(MetricDescription metric) {
        String labels = metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
        return "| "
                + String.join(
                        " | ",
                        List.of(
                                "`" + metric.name() + "`",
                                metric.kind().name().toLowerCase(Locale.ROOT),
                                metric.unit(),
                                labels,
                                metric.help()))
                + " |";
    }

    @Test
    void shouldAlertOnMetricsThatExist() throws IOException {
        List<String> names = BrokerMetrics.catalogue().stream()
                .flatMap(metric -> metric.kind() == Kind.HISTOGRAM
                        ? Stream.of(metric.name(), metric.name() + "_bucket", metric.name() + "_count")
                        : Stream.of(metric.name()))
                .toList();

        assertThat(METRIC.matcher(Files.readString(ALERTS)).results().map(found -> found.group()))
                .isNotEmpty()
                .isSubsetOf(names);
    }

    @Test
    void shouldTellWhatToDoForEveryAlert() throws IOException {
        String page = Files.readString(MONITORING);

        assertThat(ALERT.matcher(Files.readString(ALERTS)).results().map(found -> found.group(1)))
                .isNotEmpty()
                .allSatisfy(alert -> assertThat(page).contains("### " + alert + "\n"));
    }
}

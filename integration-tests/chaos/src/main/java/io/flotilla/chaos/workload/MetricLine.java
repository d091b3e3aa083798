package io.flotilla.chaos.workload;

import io.flotilla.chaos.history.Place;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A line of a metrics page about one partition.
 *
 * @param metric its name
 */
record MetricLine(String metric, Place place, double value) {
    private static final Set<String> JUDGED = Set.of(
            "flotilla_partition_high_watermark",
            "flotilla_partition_log_start_offset",
            "flotilla_partition_leader",
            "flotilla_partition_term");
    private static final Pattern LINE = Pattern.compile("^(\\w+)\\{(.*)\\} (\\S+)$");
    private static final Pattern TOPIC = Pattern.compile("topic=\"([^\"]+)\"");
    private static final Pattern PARTITION = Pattern.compile("partition=\"(\\d+)\"");

    static Optional<MetricLine> parse(String line) {
        var parts = LINE.matcher(line);
        if (!parts.matches() || !JUDGED.contains(parts.group(1))) {
            return Optional.empty();
        }
        var topic = TOPIC.matcher(parts.group(2));
        var partition = PARTITION.matcher(parts.group(2));
        if (!topic.find() || !partition.find()) {
            return Optional.empty();
        }
        return Optional.of(new MetricLine(
                parts.group(1),
                new Place(topic.group(1), Integer.parseInt(partition.group(1))),
                Double.parseDouble(parts.group(3))));
    }
}

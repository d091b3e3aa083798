package io.flotilla.chaos.selftest;

import io.flotilla.chaos.check.CheckId;
import io.flotilla.chaos.check.mutation.HistoryMutations;
import io.flotilla.chaos.plant.Plant;
import io.flotilla.chaos.selftest.Trial.Result;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often each plant was found, how often a sound cluster raised an alarm, and what the judge says of spoilt histories.
 *
 * @param plants    of which there was a trial
 * @param clean     trials without a plant
 * @param mutations of a history without a cluster
 */
public record SelftestTable(List<Row> plants, Row clean, List<HistoryMutations.Row> mutations) {
    /** The specification's share of a plant's runs in which it has to be found. */
    public static final double DETECTION_MIN = 0.95;

    public SelftestTable {
        plants = List.copyOf(plants);
        mutations = List.copyOf(mutations);
    }

    /**
     * Trials of one kind.
     *
     * @param name   of the plant, or {@code clean}
     * @param counts by result
     * @param found  how often each check found something
     */
    public record Row(String name, String meaning, Map<Result, Integer> counts, SortedMap<CheckId, Integer> found) {
        int of(Result result) {
            return counts.getOrDefault(result, 0);
        }

        /** Those that came to their end. */
        public int trials() {
            return counts.values().stream().mapToInt(Integer::intValue).sum() - of(Result.BROKEN);
        }

        /** Found plants, or, of clean runs, alarms. */
        public int positive() {
            return of(Result.CAUGHT) + of(Result.ALARM);
        }

        public double share() {
            return trials() == 0 ? 0 : (double) positive() / trials();
        }
    }

    /** Counts trials; of those with the same name the last one. */
    static SelftestTable of(List<Trial> all, List<HistoryMutations.Row> mutations) {
        Map<String, Trial> last = new TreeMap<>();
        all.forEach(trial -> last.put(trial.name(), trial));
        List<Row> rows = new ArrayList<>();
        for (Plant plant : Plant.values()) {
            List<Trial> own = last.values().stream()
                    .filter(trial -> trial.planted() && trial.scenario() == plant)
                    .toList();
            if (!own.isEmpty()) {
                rows.add(row(plant.name(), plant.meaning(), own));
            }
        }
        List<Trial> clean =
                last.values().stream().filter(trial -> !trial.planted()).toList();
        return new SelftestTable(rows, row("clean", "nothing is planted", clean), mutations);
    }

    private static Row row(String name, String meaning, List<Trial> trials) {
        Map<Result, Integer> counts = new EnumMap<>(Result.class);
        SortedMap<CheckId, Integer> found = new TreeMap<>();
        for (Trial trial : trials) {
            counts.merge(trial.result(), 1, Integer::sum);
            trial.violated().forEach(id -> found.merge(id, 1, Integer::sum));
        }
        return new Row(name, meaning, counts, found);
    }

    /** Whether every plant was found often enough, no sound cluster raised an alarm, and every spoilt history was seen. */
    public boolean passes() {
        return clean.positive() == 0
                && mutations.stream().allMatch(HistoryMutations.Row::isRight)
                && plants.stream().allMatch(row -> row.trials() > 0 && row.share() >= DETECTION_MIN);
    }

    /** A line for each spoilt history and each plant, one for the clean runs, and the verdict. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        mutations.forEach(row -> text.append(row).append('\n'));
        for (Row row : plants) {
            text.append(line(row, "caught"));
        }
        text.append(line(clean, "alarms"));
        return text.append(passes() ? "the selftest passes\n" : "the selftest does not pass\n")
                .toString();
    }

    private static String line(Row row, String positive) {
        StringBuilder line = new StringBuilder(
                String.format(Locale.ROOT, "%-6s %s %d of %d", row.name(), positive, row.positive(), row.trials()));
        for (Result result : List.of(Result.UNPLANTED, Result.BROKEN)) {
            if (row.of(result) > 0) {
                line.append(", ")
                        .append(result.name().toLowerCase(Locale.ROOT))
                        .append(' ')
                        .append(row.of(result));
            }
        }
        return line.append("  ")
                .append(row.found())
                .append("  ")
                .append(row.meaning())
                .append('\n')
                .toString();
    }
}

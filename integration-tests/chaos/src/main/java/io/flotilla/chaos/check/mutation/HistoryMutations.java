package io.flotilla.chaos.check.mutation;

import io.flotilla.chaos.check.CheckId;
import io.flotilla.chaos.check.CheckResult.Status;
import io.flotilla.chaos.check.Judge;
import io.flotilla.chaos.check.JudgeSettings;
import io.flotilla.chaos.check.Judgement;
import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.HistoryReader;
import io.flotilla.chaos.history.HistoryWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Proves that the judge sees: a valid history must be found valid, and each way to spoil it must be reported by exactly
 * the checks that are named for it.
 */
public final class HistoryMutations {
    private static final int PARTITIONS = 3;

    private HistoryMutations() {}

    /**
     * One row of the table of results.
     *
     * @param caughtBy the checks that must report it, none for the history as it was
     * @param reported the checks that did
     * @param isRight  whether these are the same, and nothing else was unknown
     */
    public record Row(String mutation, Set<CheckId> caughtBy, Set<CheckId> reported, boolean isRight) {
        @Override
        public String toString() {
            return String.format(
                    "%-5s %-45s %s%s",
                    isRight ? "ok" : "WRONG", mutation, caughtBy, isRight ? "" : ", but reported was " + reported);
        }
    }

    /** The names of all mutations. */
    public static List<String> names() {
        return mutations().stream().map(Mutation::name).toList();
    }

    /**
     * Judges a synthetic history and all its mutations.
     *
     * @param steps     length of the history in pieces of work, 20,000 or more, so that all that is mutated occurs
     * @param directory where histories are written, one after the other; they are deleted
     * @return a row for the history itself, then one per mutation
     */
    public static List<Row> run(long seed, long steps, Path directory) {
        var history = new ArrayList<Event>();
        SyntheticHistory.generate(seed, steps, PARTITIONS, history::add);
        var rows = new ArrayList<Row>();
        rows.add(row("none", Set.of(), judge(history, directory)));
        for (Mutation mutation : mutations()) {
            rows.add(row(mutation.name(), mutation.caughtBy(), judge(mutation.apply(history), directory)));
        }
        return rows;
    }

    static List<Mutation> mutations() {
        var all = new ArrayList<>(LogMutations.all());
        all.addAll(RunMutations.all());
        return all;
    }

    static Judgement judge(List<Event> history, Path directory) {
        Path file = directory.resolve("mutated" + HistoryReader.SUFFIX);
        try {
            Files.deleteIfExists(file);
            try (HistoryWriter writer = HistoryWriter.open(directory, "mutated")) {
                history.forEach(writer::write);
            }
            Judgement judgement = Judge.judge(directory, JudgeSettings.defaults());
            Files.deleteIfExists(file);
            return judgement;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot delete " + file, failure);
        }
    }

    private static Row row(String name, Set<CheckId> caughtBy, Judgement judgement) {
        Set<CheckId> reported = EnumSet.noneOf(CheckId.class);
        reported.addAll(judgement.violated());
        boolean known = judgement.results().values().stream().noneMatch(result -> result.status() == Status.UNKNOWN);
        return new Row(name, caughtBy, reported, known && reported.equals(caughtBy));
    }
}

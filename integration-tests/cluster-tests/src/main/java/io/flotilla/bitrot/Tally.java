package io.flotilla.bitrot;

import java.util.Arrays;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts places by kind of file, mutation and fate. */
final class Tally {
    private final SortedMap<String, SortedMap<Fate, Integer>> rows = new TreeMap<>();

    void add(Damage damage, Fate fate) {
        String row = String.format(Locale.ROOT, "%-32s %-9s", damage.kind(), damage.mutation());
        rows.computeIfAbsent(row, none -> new TreeMap<>()).merge(fate, 1, Integer::sum);
    }

    int count(Fate fate) {
        return rows.values().stream().mapToInt(row -> row.getOrDefault(fate, 0)).sum();
    }

    int places() {
        return Arrays.stream(Fate.values()).mapToInt(this::count).sum();
    }

    int sound() {
        return Arrays.stream(Fate.values())
                .filter(Fate::isSound)
                .mapToInt(this::count)
                .sum();
    }

    /** A line for each kind and mutation, with a head. */
    @Override
    public String toString() {
        String head = String.format(Locale.ROOT, "%-32s %-9s", "FILE", "MUTATION")
                + Arrays.stream(Fate.values())
                        .map(fate -> String.format(Locale.ROOT, " %9s", fate.name()))
                        .collect(Collectors.joining());
        String body = rows.entrySet().stream()
                .map(row -> row.getKey() + counts(row.getValue()))
                .collect(Collectors.joining("\n"));
        return head + "\n" + body;
    }

    private static String counts(SortedMap<Fate, Integer> row) {
        return Arrays.stream(Fate.values())
                .map(fate -> String.format(
                        Locale.ROOT,
                        " %9s",
                        row.containsKey(fate) ? row.get(fate).toString() : "-"))
                .collect(Collectors.joining());
    }
}

package io.flotilla.chaos.check;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.flotilla.chaos.check.CheckResult.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The verdict on a history.
 *
 * @param results  of every check
 * @param counters what the history has, by name
 */
public record Judgement(Map<CheckId, CheckResult> results, SortedMap<String, Long> counters) {
    /** The name of the file beside a history that {@link #writeTo} makes. */
    public static final String FILE = "judgement.json";

    public Judgement {
        results = Collections.unmodifiableMap(new EnumMap<>(results));
        counters = Collections.unmodifiableSortedMap(new TreeMap<>(counters));
    }

    /** Invalid if one check is, else unknown if one is; only a valid history passes. */
    public Status verdict() {
        if (!having(Status.INVALID).isEmpty()) {
            return Status.INVALID;
        }
        return having(Status.UNKNOWN).isEmpty() ? Status.VALID : Status.UNKNOWN;
    }

    public boolean passes() {
        return verdict() == Status.VALID;
    }

    /** What one check found. */
    public CheckResult of(CheckId id) {
        return Objects.requireNonNull(results.get(id));
    }

    /** The checks with violations. */
    public Set<CheckId> violated() {
        return having(Status.INVALID);
    }

    private Set<CheckId> having(Status status) {
        var ids = new TreeSet<CheckId>();
        for (CheckResult result : results.values()) {
            if (result.status() == status) {
                ids.add(result.id());
            }
        }
        return ids;
    }

    /** A line per check, all examples below it, and the counters. */
    public String toText() {
        return toText(CheckResult.EXAMPLES_MAX);
    }

    /** The same with at most so many examples of each check. */
    public String toText(int examplesMax) {
        var text = new StringBuilder();
        for (CheckResult result : results.values()) {
            text.append(String.format(
                    "%-4s %-8s %s", result.id(), result.status(), result.id().title()));
            if (result.violations() > 0) {
                text.append(": ").append(result.violations()).append(result.violations() == 1 ? " time" : " times");
            }
            if (!result.note().isEmpty()) {
                text.append(" (").append(result.note()).append(')');
            }
            text.append('\n');
            result.examples().stream()
                    .limit(examplesMax)
                    .forEach(example -> text.append("       ").append(example).append('\n'));
        }
        counters.forEach((name, count) -> text.append(String.format("%,15d %s%n", count, name)));
        return text.append("verdict: ").append(verdict()).append('\n').toString();
    }

    /** The same for programs: {@code verdict}, {@code checks} (an array of objects) and {@code counters}. */
    public String toJson() {
        var checks = new JsonArray();
        for (CheckResult result : results.values()) {
            var check = new JsonObject();
            check.addProperty("id", result.id().name());
            check.addProperty("title", result.id().title());
            check.addProperty("status", result.status().name());
            check.addProperty("violations", result.violations());
            check.addProperty("note", result.note());
            var examples = new JsonArray();
            result.examples().forEach(examples::add);
            check.add("examples", examples);
            checks.add(check);
        }
        var counted = new JsonObject();
        counters.forEach(counted::addProperty);
        var json = new JsonObject();
        json.addProperty("verdict", verdict().name());
        json.add("checks", checks);
        json.add("counters", counted);
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(json) + "\n";
    }

    /**
     * Writes {@link #FILE} into a folder.
     *
     * @throws UncheckedIOException if that is not possible
     */
    public void writeTo(Path directory) {
        try {
            Files.writeString(directory.resolve(FILE), toJson());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the judgement to " + directory, failure);
        }
    }
}

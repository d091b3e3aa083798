package io.flotilla.cli.output;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How things of one kind are printed in each format.
 *
 * @param name    {@code kind} of a JSON document; a list's is this with {@code List} behind it
 * @param nameOf  what {@code -o name} prints
 * @param fields  the JSON object in the order of its fields. Values are strings, numbers, booleans, nulls,
 *                {@link java.time.Instant}s, and lists and maps of these.
 * @param columns the table
 * @param details lines that follow a single thing's own row, for instance a topic's partitions
 */
public record Kind<T>(
        String name,
        Function<T, String> nameOf,
        Function<T, Map<String, Object>> fields,
        List<Column<T>> columns,
        Function<T, List<String>> details) {

    public static <T> Kind<T> plain(
            String name, Function<T, String> nameOf, Function<T, Map<String, Object>> fields, List<Column<T>> columns) {
        return new Kind<>(name, nameOf, fields, columns, item -> List.of());
    }
}

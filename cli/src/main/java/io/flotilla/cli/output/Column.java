package io.flotilla.cli.output;

import java.util.OptionalLong;
import java.util.function.Function;

/**
 * One column of a table.
 *
 * @param rightAligned for numbers, so that their digits line up
 */
public record Column<T>(String heading, boolean rightAligned, Function<T, String> cell) {

    public static <T> Column<T> text(String heading, Function<T, String> cell) {
        return new Column<>(heading, false, cell);
    }

    public static <T> Column<T> number(String heading, Function<T, ? extends Number> cell) {
        return new Column<>(heading, true, item -> cell.apply(item).toString());
    }

    /** A dash stands for a number that is not known. */
    public static <T> Column<T> numberIfKnown(String heading, Function<T, OptionalLong> cell) {
        return new Column<>(heading, true, item -> {
            OptionalLong number = cell.apply(item);
            return number.isPresent() ? Long.toString(number.getAsLong()) : "-";
        });
    }
}

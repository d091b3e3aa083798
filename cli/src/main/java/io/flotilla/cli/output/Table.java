package io.flotilla.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Lays rows out in columns two spaces apart, under a line of headings. */
public final class Table {
    private static final String GAP = "  ";

    private Table() {}

    /** The lines of the table without line ends or trailing spaces; the headings come even if there is no row. */
    public static <T> List<String> lines(List<Column<T>> columns, List<T> items) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(columns.stream().map(Column::heading).toList());
        for (T item : items) {
            rows.add(columns.stream().map(column -> column.cell().apply(item)).toList());
        }
        int[] widths = new int[columns.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(columns, row, widths)).toList();
    }

    private static <T> String line(List<Column<T>> columns, List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? "" : GAP);
            line.append(columns.get(i).rightAligned() ? padding + row.get(i) : row.get(i) + padding);
        }
        return line.toString().stripTrailing();
    }
}

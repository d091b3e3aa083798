package io.flotilla.metadata.core;

import java.util.Comparator;
import java.util.List;

/** Finds what somebody who mistyped a name most likely meant. */
final class NearestName {
    /** Beyond this the distance no longer matters, and computing it would cost its square. */
    private static final int LENGTH_MAX = 128;

    private NearestName() {}

    /**
     * @param names not empty; of equally near ones the first is taken
     */
    static String to(String typed, List<String> names) {
        String compared = typed.length() <= LENGTH_MAX ? typed : typed.substring(0, LENGTH_MAX);
        return names.stream()
                .min(Comparator.comparingInt(name -> distance(compared, name)))
                .orElseThrow();
    }

    /** Levenshtein's edit distance, by the algorithm of Wagner and Fischer with one row kept. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            row[column] = column;
        }
        for (int line = 1; line <= from.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column <= to.length(); column++) {
                int above = row[column];
                int exchanged = diagonal + (from.charAt(line - 1) == to.charAt(column - 1) ? 0 : 1);
                row[column] = Math.min(exchanged, 1 + Math.min(above, row[column - 1]));
                diagonal = above;
            }
        }
        return row[to.length()];
    }
}

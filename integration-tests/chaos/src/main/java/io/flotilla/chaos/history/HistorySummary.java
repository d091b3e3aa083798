package io.flotilla.chaos.history;

import java.util.List;

/**
 * What reading a history was like.
 *
 * @param lines  that were read
 * @param cut    files whose last line is cut, each with the line's number: what came after is not known
 * @param behind lines that stood further behind their time than the reader's window reaches, and came out too late
 */
public record HistorySummary(long lines, List<String> cut, long behind) {
    public HistorySummary {
        cut = List.copyOf(cut);
    }

    /** Whether every line was read, in the order of time. */
    public boolean isWhole() {
        return cut.isEmpty() && behind == 0;
    }
}

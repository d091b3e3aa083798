package io.flotilla.quickstart;

import java.io.IOException;

/** Lines to send. A line is the bytes between two line feeds, whatever they are; a carriage return belongs to it. */
interface LineInput {
    /** Longest line accepted, in bytes: with its key and header it fits into one batch. */
    int LINE_BYTES_MAX = 1_000_000;

    /** Most lines accepted: the demonstration remembers each. */
    long LINES_MAX = 2_000_000;

    /** What this is, for people. */
    String description();

    /** By what lines are keyed, for people. */
    String keyDescription();

    /**
     * Passes all lines in order to the sink.
     *
     * @throws IOException       if the input cannot be read
     * @throws InputRefused      if a line is too long or there are too many
     */
    void forEach(Sink sink) throws IOException;

    /** Takes one line after the other. */
    interface Sink {
        /**
         * @param key  what the line is keyed by
         * @param line without its line feed
         */
        void accept(byte[] key, byte[] line);
    }

    /**
     * Reads everything once, to see that it can be sent.
     *
     * @return the number of lines, 1 or more
     * @throws InputRefused if there is no line, and as {@link #forEach}
     */
    static long count(LineInput input) throws IOException {
        long[] lines = {0};
        input.forEach((key, line) -> lines[0]++);
        if (lines[0] == 0) {
            throw new InputRefused(input.description() + " is empty", "name a file with at least one line");
        }
        return lines[0];
    }
}

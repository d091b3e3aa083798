package io.flotilla.chaos.history;

/** How a call ended; in a line, in small letters. */
public enum Outcome {
    /** It has definitely happened. */
    OK,
    /** It has definitely not happened: only errors that say so count, as those of validation and fencing. */
    FAIL,
    /** It may have happened, or may yet: timeouts, lost connections, errors that are not known. */
    INFO
}

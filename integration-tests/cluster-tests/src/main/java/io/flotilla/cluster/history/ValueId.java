package io.flotilla.cluster.history;

/**
 * Names one written value. No two values of a history share a name, so that every value read can be traced to its write.
 *
 * @param producer number of the client that wrote it, 0 or more
 * @param sequence place among the values of that client, in the order in which it sent them
 */
public record ValueId(int producer, long sequence) {
    /** Stands for bytes in which no name of this history could be recognised. */
    public static final ValueId UNRECOGNISED = new ValueId(-1, -1);

    @Override
    public String toString() {
        return equals(UNRECOGNISED) ? "unrecognised value" : "value " + producer + "/" + sequence;
    }
}

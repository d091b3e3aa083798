package io.flotilla.metadata;

/**
 * The feature levels that a broker's release speaks. A level says what may be in the metadata and between brokers; the
 * cluster is at one level, which an operator raises once every broker speaks the next.
 *
 * @param min 1 or more
 * @param max {@code min} or more
 */
public record FeatureLevels(int min, int max) {
    /** The level of clusters and the only one of brokers that tell none. */
    public static final int FIRST = 1;

    /** What a broker that tells none speaks. */
    public static final FeatureLevels FIRST_ONLY = new FeatureLevels(FIRST, FIRST);

    /** What this release speaks. */
    public static final FeatureLevels SUPPORTED = new FeatureLevels(FIRST, FIRST);

    public FeatureLevels {
        if (min < FIRST || max < min) {
            throw new IllegalArgumentException("feature levels " + min + " to " + max + " are not within [" + FIRST
                    + ", " + Integer.MAX_VALUE + "] in this order");
        }
    }

    public boolean contains(int level) {
        return min <= level && level <= max;
    }

    /** {@code 1}, or {@code 1 to 3}. */
    @Override
    public String toString() {
        return min == max ? Integer.toString(min) : min + " to " + max;
    }
}

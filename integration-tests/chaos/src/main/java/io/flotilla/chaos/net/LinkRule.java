package io.flotilla.chaos.net;

/**
 * How a directed link treats what goes through it.
 *
 * @param cut            nothing goes through
 * @param refuse         connections that its sender opens are reset
 * @param forgotten      nobody is told of connections that are half open
 * @param delayNanos     by which all is late, 0 or more
 * @param jitterNanos    up to which it is later still, 0 or more
 * @param bytesPerSecond that may go through; 0 for no limit
 * @param lost           share of the packets that vanish, 0 to 1
 * @param doubled        share of the packets that arrive twice, 0 to 1
 */
public record LinkRule(
        boolean cut,
        boolean refuse,
        boolean forgotten,
        long delayNanos,
        long jitterNanos,
        long bytesPerSecond,
        double lost,
        double doubled) {
    /** Everything goes through at once. */
    public static final LinkRule NONE = new LinkRule(false, false, false, 0, 0, 0, 0, 0);

    public LinkRule {
        if (delayNanos < 0 || jitterNanos < 0 || bytesPerSecond < 0) {
            throw new IllegalArgumentException("a delay of " + delayNanos + " ns, jitter of " + jitterNanos
                    + " ns, rate of " + bytesPerSecond + " bytes/s: none may be negative");
        }
        if (lost < 0 || lost > 1 || doubled < 0 || doubled > 1) {
            throw new IllegalArgumentException(
                    "shares of " + lost + " lost and " + doubled + " doubled: must be from 0 to 1");
        }
    }

    /** Whether what goes through is late. */
    public boolean isLate() {
        return delayNanos + jitterNanos > 0;
    }

    /** Whether the rate is limited. */
    public boolean isNarrow() {
        return bytesPerSecond > 0;
    }

    /** Whether bytes may be passed on as they come. */
    boolean isFree() {
        return !cut && !isLate() && !isNarrow();
    }

    /** The same, and nothing goes through. */
    public LinkRule withCut() {
        return new LinkRule(true, refuse, forgotten, delayNanos, jitterNanos, bytesPerSecond, lost, doubled);
    }

    /** The same, and connections are reset. */
    public LinkRule withRefusal() {
        return new LinkRule(cut, true, forgotten, delayNanos, jitterNanos, bytesPerSecond, lost, doubled);
    }

    /** The same, and nobody is told of connections that are half open. */
    public LinkRule withForgotten() {
        return new LinkRule(cut, refuse, true, delayNanos, jitterNanos, bytesPerSecond, lost, doubled);
    }

    /** The same with another delay. */
    public LinkRule withDelay(long newDelayNanos, long newJitterNanos) {
        return new LinkRule(cut, refuse, forgotten, newDelayNanos, newJitterNanos, bytesPerSecond, lost, doubled);
    }

    /** The same with another rate. */
    public LinkRule withRate(long newBytesPerSecond) {
        return new LinkRule(cut, refuse, forgotten, delayNanos, jitterNanos, newBytesPerSecond, lost, doubled);
    }

    /** The same with other shares. */
    public LinkRule withLoss(double newLost, double newDoubled) {
        return new LinkRule(cut, refuse, forgotten, delayNanos, jitterNanos, bytesPerSecond, newLost, newDoubled);
    }
}

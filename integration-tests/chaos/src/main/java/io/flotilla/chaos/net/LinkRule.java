package io.flotilla.chaos.net;

/**
 * How a directed link treats what goes through it.
 *
 * @param cut            nothing goes through
 * @param refuse         connections that its sender opens are reset
 * @param forgotten      resets on connections that are half open do not go through
 * @param delayNanos     0 or more
 * @param jitterNanos    0 or more, on top of the delay
 * @param bytesPerSecond 0 for no limit
 */
record LinkRule(
        boolean cut, boolean refuse, boolean forgotten, long delayNanos, long jitterNanos, long bytesPerSecond) {
    static final LinkRule NONE = new LinkRule(false, false, false, 0, 0, 0);

    boolean isLate() {
        return delayNanos + jitterNanos > 0;
    }

    boolean isNarrow() {
        return bytesPerSecond > 0;
    }

    /** Whether bytes may be passed on as they come. */
    boolean isFree() {
        return !cut && !isLate() && !isNarrow();
    }

    LinkRule withCut() {
        return new LinkRule(true, refuse, forgotten, delayNanos, jitterNanos, bytesPerSecond);
    }

    LinkRule withRefusal() {
        return new LinkRule(cut, true, forgotten, delayNanos, jitterNanos, bytesPerSecond);
    }

    LinkRule withForgotten() {
        return new LinkRule(cut, refuse, true, delayNanos, jitterNanos, bytesPerSecond);
    }

    LinkRule withDelay(long newDelayNanos, long newJitterNanos) {
        return new LinkRule(cut, refuse, forgotten, newDelayNanos, newJitterNanos, bytesPerSecond);
    }

    LinkRule withRate(long newBytesPerSecond) {
        return new LinkRule(cut, refuse, forgotten, delayNanos, jitterNanos, newBytesPerSecond);
    }
}

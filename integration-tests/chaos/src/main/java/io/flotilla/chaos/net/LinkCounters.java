package io.flotilla.chaos.net;

/**
 * What a directed link has seen since the harness began: proxies count bytes, packet filters packets.
 *
 * @param passed   went through at once
 * @param stopped  was held back or dropped because the link was cut
 * @param late     went through late
 * @param narrowed went through under a limit of the rate
 * @param lost     was dropped by chance
 * @param doubled  was sent twice
 * @param reset    connections that were reset, or refused, or left half open; in packet filters, packets so answered
 */
public record LinkCounters(long passed, long stopped, long late, long narrowed, long lost, long doubled, long reset) {
    /** What came on top since an earlier look. */
    public LinkCounters since(LinkCounters earlier) {
        return new LinkCounters(
                passed - earlier.passed,
                stopped - earlier.stopped,
                late - earlier.late,
                narrowed - earlier.narrowed,
                lost - earlier.lost,
                doubled - earlier.doubled,
                reset - earlier.reset);
    }
}

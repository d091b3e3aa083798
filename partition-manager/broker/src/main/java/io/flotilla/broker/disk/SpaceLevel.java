package io.flotilla.broker.disk;

/** How much room a disk has left, in the steps by which a broker acts. Pure. */
public enum SpaceLevel {
    /** Nothing is refused. */
    ENOUGH,
    /** Less than the reserve: this broker's leaders take no appends. */
    LOW,
    /** Less than half the reserve: what other brokers' leaders send is not taken either. */
    CRITICAL;

    /** A level is left again only when there is this part of the reserve more than where it begins. */
    private static final int MARGIN_DIVISOR = 4;

    /**
     * @param freeBytes    that this process may still write
     * @param reserveBytes 0 or more; 0 means ENOUGH, always
     */
    SpaceLevel next(long freeBytes, long reserveBytes) {
        SpaceLevel falling = levelOf(freeBytes, reserveBytes);
        SpaceLevel rising = levelOf(freeBytes - reserveBytes / MARGIN_DIVISOR, reserveBytes);
        if (falling.compareTo(this) > 0) {
            return falling;
        }
        return rising.compareTo(this) < 0 ? rising : this;
    }

    private static SpaceLevel levelOf(long freeBytes, long reserveBytes) {
        if (freeBytes >= reserveBytes) {
            return ENOUGH;
        }
        return freeBytes >= reserveBytes / 2 ? LOW : CRITICAL;
    }
}

package io.flotilla.chaos.port;

import io.flotilla.chaos.history.Place;
import java.util.Set;

/** Hears of partitions that come and go, on the thread that polls, which may commit meanwhile. */
public interface MemberListener {
    void assigned(Set<Place> places);

    /** They go once this has returned. */
    void revoked(Set<Place> places);

    /** They have gone to others already. */
    void lost(Set<Place> places);
}

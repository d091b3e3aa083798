package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event;

/** One idea of what must hold, followed through the events in the order of time. It reports to {@link Violations}. */
interface Check {
    /** The next event; all earlier ones were seen before. Sends and final reads come by {@link Sends} and {@link Finals}. */
    void see(Event event);

    /** All events were seen. */
    default void end() {}
}

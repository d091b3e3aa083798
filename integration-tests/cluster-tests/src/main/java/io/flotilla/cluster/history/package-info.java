/**
 * What clients did to one topic, and what may be concluded from it. {@link io.flotilla.cluster.history.History} is
 * the record of every write and every read; {@link io.flotilla.cluster.history.HistoryChecker} judges it and
 * {@link io.flotilla.cluster.history.Availability} measures it. All of it is pure: no clock, thread, file or network.
 *
 * <p>Times are nanoseconds of one monotonic clock, that of the process which runs all clients.
 */
@NullMarked
package io.flotilla.cluster.history;

import org.jspecify.annotations.NullMarked;

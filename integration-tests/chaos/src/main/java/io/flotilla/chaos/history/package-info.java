/**
 * What happened in a run, as JSON lines: {@link io.flotilla.chaos.history.Event} lists every kind of line, and how it
 * reads. The history is the whole input of the judge; nothing of what is judged is kept elsewhere.
 *
 * <p>Time is nanoseconds of one monotonic clock since the run began; all clients run on the harness's host.
 */
@NullMarked
package io.flotilla.chaos.history;

import org.jspecify.annotations.NullMarked;

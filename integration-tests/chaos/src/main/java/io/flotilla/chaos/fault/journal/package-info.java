/**
 * What a harness has to undo, written down before it is done: {@link io.flotilla.chaos.fault.journal.Journal} takes the
 * notes, {@link io.flotilla.chaos.fault.journal.Cleanup} goes by them when the harness itself could not.
 */
@NullMarked
package io.flotilla.chaos.fault.journal;

import org.jspecify.annotations.NullMarked;

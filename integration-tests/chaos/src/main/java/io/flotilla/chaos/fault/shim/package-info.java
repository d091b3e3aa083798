/**
 * Faults of calls to the system: of files, and of the wall clock. A small library in C, compiled when a run begins and
 * preloaded into brokers, goes by rules in files that this side writes: {@link io.flotilla.chaos.fault.shim.Shim}.
 */
@NullMarked
package io.flotilla.chaos.fault.shim;

import org.jspecify.annotations.NullMarked;

/**
 * The storage of a partition under every loss of power: {@link io.flotilla.simulation.storage.StorageSimulation} drives
 * the real code by commands that follow from a seed, on a {@link io.flotilla.simulation.disk.SimulatedDisk} and a {@link
 * io.flotilla.simulation.storage.SimulatedIndex}. After each operation on them it cuts the power in every way it can
 * think of, starts the real code on what is left ({@link io.flotilla.simulation.storage.Recovery}), applies what the Raft
 * log holds behind it, and compares with {@link io.flotilla.simulation.storage.ReferenceLog}.
 *
 * <p>The Raft log is modelled as what it promises: every entry that was applied comes again, except those behind a
 * position that {@code checkpoint()} returned, which may have been purged.
 *
 * <p>Threading: a simulation is confined to one thread. Equal seeds and equal code give equal runs.
 */
@NullMarked
package io.flotilla.simulation.storage;

import org.jspecify.annotations.NullMarked;

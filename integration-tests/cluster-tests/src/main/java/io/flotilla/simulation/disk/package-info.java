/**
 * A disk in memory that knows what a loss of power may take from it, and a {@code java.nio.file} file system on it, so
 * that code which knows nothing of simulations runs on it.
 *
 * <p>The rules are those of the ALICE study (Pillai et al., OSDI 2014), stricter than ext4 and xfs are: what a file
 * holds is durable after the file was synced, a name in a folder after the folder was, and of what is neither any subset
 * may be on the disk; a write may be there in part, cut where a sector ends. {@link
 * io.flotilla.simulation.disk.SimulatedDisk} keeps the changes, {@link io.flotilla.simulation.disk.CrashStates} picks
 * subsets, and {@link io.flotilla.simulation.disk.CrashImage} is the disk after the power came back.
 *
 * <p>Threading: everything here is confined to one thread.
 */
@NullMarked
package io.flotilla.simulation.disk;

import org.jspecify.annotations.NullMarked;

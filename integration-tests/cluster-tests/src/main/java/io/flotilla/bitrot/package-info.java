/**
 * Disks that rot: {@link io.flotilla.bitrot.BitRotSuite}, behind {@code integration-tests/run bit-rot}, damages the files of
 * one of three brokers at rest. {@code DamagePlan} says what, {@code Victim} does it, {@code Judge} watches what becomes of
 * it, while {@code Writer} and {@code Ledger} see to it that the cluster takes and serves records as if nothing were.
 *
 * <p>The brokers run in this process: one of them starts again for every round, and a process of its own would take most
 * of the time.
 */
@NullMarked
package io.flotilla.bitrot;

import org.jspecify.annotations.NullMarked;

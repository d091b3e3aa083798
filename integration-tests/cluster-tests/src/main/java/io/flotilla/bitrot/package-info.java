/**
 * Bits that rot: {@link io.flotilla.bitrot.BitRotSuite}, behind {@code integration-tests/run bit-rot}, runs brokers in its
 * own process, since it starts one again for every bit, and a process of its own would take most of the time.
 */
@NullMarked
package io.flotilla.bitrot;

import org.jspecify.annotations.NullMarked;

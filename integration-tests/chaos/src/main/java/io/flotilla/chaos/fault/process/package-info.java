/** Faults of a broker's process: it dies, ends, stops for a while, is restarted, or gets little to run with. */
@NullMarked
package io.flotilla.chaos.fault.process;

import org.jspecify.annotations.NullMarked;

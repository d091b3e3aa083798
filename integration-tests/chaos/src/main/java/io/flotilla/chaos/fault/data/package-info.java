/** Faults of what is stored: bytes change, a broker's data is gone. */
@NullMarked
package io.flotilla.chaos.fault.data;

import org.jspecify.annotations.NullMarked;

/**
 * What is done to a cluster. A {@link io.flotilla.chaos.fault.Fault} arms itself, proves that it took effect, and
 * disarms itself; what it leaves behind in between stands in a journal, so that a harness that was killed can clean up.
 */
@NullMarked
package io.flotilla.chaos.fault;

import org.jspecify.annotations.NullMarked;

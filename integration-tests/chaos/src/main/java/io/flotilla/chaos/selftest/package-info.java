/**
 * Proves that the harness finds what it is there for: every bug of {@link io.flotilla.chaos.plant.Plant} is planted into
 * clusters that then live through a scenario in which it must show, again and again with other seeds, and sound clusters
 * live through the same scenarios without an alarm. {@link io.flotilla.chaos.selftest.Selftest} is the entry.
 */
@NullMarked
package io.flotilla.chaos.selftest;

import org.jspecify.annotations.NullMarked;

/**
 * Bugs and failures that the product does not have. A {@link io.flotilla.chaos.plant.Plant} is a bug that the harness must
 * find, and a {@link io.flotilla.chaos.plant.Failpoint} is a place between two durable steps at which a broker fails on
 * command.
 *
 * <p>Both come into a broker's process from outside, by rules of the agent Byteman, which its command names: the product has
 * no seam for them, and neither a configuration nor a launcher of it can turn them on. Rules are text files beside these
 * classes; a test holds them against the product's classes of today. That a rule is at work in a running broker is proved
 * by a counter which the rule itself drives, see {@link io.flotilla.chaos.plant.Hits}.
 */
@NullMarked
package io.flotilla.chaos.plant;

import org.jspecify.annotations.NullMarked;

/**
 * What will be done to a cluster, and when: a {@link io.flotilla.chaos.plan.Plan} is expanded in full from a seed before the
 * run and kept as {@code plan.json}, so that the same can be done again. {@link io.flotilla.chaos.plan.Plans} draws them at
 * random within what {@link io.flotilla.chaos.plan.Promise} allows; a {@link io.flotilla.chaos.plan.Scenario} is aimed at a
 * class of bugs.
 */
@NullMarked
package io.flotilla.chaos.plan;

import org.jspecify.annotations.NullMarked;

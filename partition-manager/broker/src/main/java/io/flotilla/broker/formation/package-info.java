/**
 * How an empty broker comes to belong to a cluster. {@link io.flotilla.broker.formation.Formation} is the pure decision
 * from what the seeds answered; {@link io.flotilla.broker.formation.ClusterSearch} asks them until there is one.
 *
 * <p>Invariants: a cluster forms only when every seed is reached, empty and has the same seed list, and then all of
 * them compute the same cluster id and voters; a broker whose folder was wiped joins what exists and never forms or
 * votes, because its directory id is another.
 */
@NullMarked
package io.flotilla.broker.formation;

import org.jspecify.annotations.NullMarked;

/**
 * Clients under observation: {@link io.flotilla.cluster.traffic.Traffic} writes values and watches them arrive while a
 * cluster is broken around it; {@link io.flotilla.cluster.traffic.RecordedProducer} and
 * {@link io.flotilla.cluster.traffic.ReadBack} turn calls of the public client into a
 * {@link io.flotilla.cluster.history.History}.
 */
@NullMarked
package io.flotilla.cluster.traffic;

import org.jspecify.annotations.NullMarked;

/**
 * Whether a broker is alive and ready: {@link io.flotilla.broker.health.ReplicaHealth} is the rule for one replica, pure;
 * a {@link io.flotilla.broker.health.HealthReport} is what is told.
 */
@NullMarked
package io.flotilla.broker.health;

import org.jspecify.annotations.NullMarked;

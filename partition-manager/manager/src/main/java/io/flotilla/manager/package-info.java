/**
 * Makes a broker hold what the metadata says it should.
 *
 * <p>{@link io.flotilla.manager.Reconciler} compares the image with the replicas this broker has and closes the gap;
 * {@link io.flotilla.manager.LeaderReporter} tells the metadata which partitions this broker leads;
 * {@link io.flotilla.manager.TopicPurger} ends the grace of deleted topics. All learn the metadata through
 * {@link io.flotilla.manager.ClusterMetadata}, which the broker implements whether or not it is a voter itself, and reach
 * the replicas through {@link io.flotilla.manager.ReplicaSet}.
 *
 * <p>What to do is decided by pure functions ({@code ReplicaPlan}, {@code LeaderNews}); when to do it by steps that are
 * given the time ({@code Reconciliation}, {@code LeaderReporting}); {@link io.flotilla.manager.StepLoop} is the only
 * place with a thread. The placement of new topics is part of the metadata's own rules, see
 * {@link io.flotilla.metadata.core.Placement}.
 */
@NullMarked
package io.flotilla.manager;

import org.jspecify.annotations.NullMarked;

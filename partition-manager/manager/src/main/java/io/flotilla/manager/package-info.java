/**
 * Makes a broker hold what the metadata says it should.
 *
 * <p>The {@code Reconciler} compares the image with the replicas this broker has open and closes the gap; the
 * {@code LeaderReporter} tells the metadata which partitions this broker leads. Both learn the metadata through
 * {@link io.flotilla.manager.ClusterMetadata}, which the broker implements whether or not it is a voter itself.
 */
@NullMarked
package io.flotilla.manager;

import org.jspecify.annotations.NullMarked;

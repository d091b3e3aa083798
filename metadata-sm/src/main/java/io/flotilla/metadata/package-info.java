/**
 * What the cluster agrees on: brokers, topics, the placement of replicas, producer ids, and consumer groups with their
 * offsets.
 *
 * <p>{@link io.flotilla.metadata.MetadataImage} is the whole state as an immutable value with a version. A
 * {@link io.flotilla.metadata.MetadataCommand} asks for a change; the pure rules in {@code core} turn image and command
 * into the next image and an {@link io.flotilla.metadata.Outcome}. {@link io.flotilla.metadata.MetadataReplica} is the
 * shell around them: one voter of the metadata group, with its snapshot file and listeners. {@code store} is the only
 * place that knows the bytes. Consumer groups ({@code group}) are a noun of their own beside the image, which no follower is
 * led on to.
 *
 * <p>Threading: every value here is immutable; {@code MetadataReplica} says for itself.
 */
@NullMarked
package io.flotilla.metadata;

import org.jspecify.annotations.NullMarked;

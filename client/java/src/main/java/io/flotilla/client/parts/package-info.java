/**
 * Values larger than a batch, as a series of records that each hold a part. No public API, but a format that other clients
 * read: {@link io.flotilla.client.parts.PartHeader}.
 *
 * <p>{@link io.flotilla.client.parts.ValueCutter} makes the parts; {@link io.flotilla.client.parts.PartAssembler} puts them
 * together, within bounds, also where parts of several values lie between each other or some never come. Both are pure.
 */
@NullMarked
package io.flotilla.client.parts;

import org.jspecify.annotations.NullMarked;

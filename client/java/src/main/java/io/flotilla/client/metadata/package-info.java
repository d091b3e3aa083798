/**
 * What the client knows about topics and their leaders. No public API.
 *
 * <p>{@link io.flotilla.client.metadata.MetadataCache} asks any broker and takes hints from all;
 * {@link io.flotilla.client.metadata.TopicView} holds the rule by which newer knowledge replaces older: the higher
 * leader epoch wins. {@link io.flotilla.client.metadata.OffsetFinder} turns positions into offsets at the leaders.
 */
@NullMarked
package io.flotilla.client.metadata;

import org.jspecify.annotations.NullMarked;

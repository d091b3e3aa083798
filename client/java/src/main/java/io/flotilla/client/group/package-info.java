/**
 * The consumer of a group. {@link io.flotilla.client.group.FlotillaGroupConsumer} is its outside, confined to the user's
 * thread: it reads through a {@link io.flotilla.client.consumer.FlotillaConsumer}, whose partitions it changes to what
 * {@code Membership} says. {@code Membership} keeps the stream to the coordinator, on the client's loop; {@code
 * OffsetCommitter} sends offsets, one round after the other; {@code Coordinator} knows which broker to ask.
 */
@NullMarked
package io.flotilla.client.group;

import org.jspecify.annotations.NullMarked;

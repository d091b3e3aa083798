/**
 * The rules of consumer groups: who reads which partition. The model is that of Kafka's KIP-848: the group has an epoch
 * and a target, members move towards it one by one, and a partition goes to its next owner only after the last one has
 * said that it is done with it.
 *
 * <ul>
 *   <li>{@link io.flotilla.metadata.group.ConsumerGroup} is what is known of a group, {@link
 *       io.flotilla.metadata.group.GroupMember} of one of its members.
 *   <li>{@link io.flotilla.metadata.group.GroupRules} says what follows when members join, leave, acknowledge and when
 *       topics change.
 *   <li>An {@link io.flotilla.metadata.group.Assignor} makes the target: {@link
 *       io.flotilla.metadata.group.UniformAssignor} or {@link io.flotilla.metadata.group.RangeAssignor}.
 *   <li>{@link io.flotilla.metadata.group.Groups} is all of them with what they have committed, each a {@link
 *       io.flotilla.metadata.group.GroupEntry}; {@link io.flotilla.metadata.group.GroupCommand} asks for a change, which
 *       {@code core} decides, and {@link io.flotilla.metadata.group.GroupResult} tells what came of it. {@link
 *       io.flotilla.metadata.group.GroupLimits} names the bounds.
 * </ul>
 *
 * Pure: no clock, randomness, thread, file or logger, so that replay repeats history exactly.
 */
@NullMarked
package io.flotilla.metadata.group;

import org.jspecify.annotations.NullMarked;

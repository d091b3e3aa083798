/**
 * The coordinator of consumer groups, on the leader of the metadata: {@link io.flotilla.broker.group.GroupCoordinator} takes
 * what members and tools want, has the metadata's group agree on it, and tells members what has changed for them. Who is
 * alive is known in memory only ({@link io.flotilla.broker.group.MemberClock}); members, assignments and offsets are
 * replicated, so that the next leader goes on with them. A member's pattern of topics becomes their names here ({@link
 * io.flotilla.broker.group.Subscription}), anew whenever topics come or go. Commits of many members travel in one entry
 * ({@link io.flotilla.broker.group.CommitBatcher}). How far groups are behind is asked of the leaders of partitions
 * ({@link io.flotilla.broker.group.GroupLag}).
 */
@NullMarked
package io.flotilla.broker.group;

import org.jspecify.annotations.NullMarked;

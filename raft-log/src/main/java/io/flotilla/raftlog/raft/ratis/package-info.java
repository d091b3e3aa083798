/**
 * Carries our port to consensus on Apache Ratis; no other package may import it.
 *
 * <p>A {@link io.flotilla.raftlog.raft.ratis.RatisHost} owns one Ratis server and opens its groups one by one, so that
 * a group that cannot be trusted stays out without keeping the others down. Each group is a {@code RatisMember}, what
 * our callers hold, and a {@code GroupStateMachine}, what Ratis drives. {@code RatisProfile} is the whole of the
 * configuration with a reason for each value, {@code GrpcTransport} the part of it for Ratis's
 * own transport, which the {@code transport} package replaces by ours.
 *
 * <p>Threads: Ratis applies a group's entries on that group's updater thread, and results of proposals complete there:
 * whoever waits for one must not block it. Ratis calls back under its own locks, so nothing here calls a
 * {@link io.flotilla.raftlog.raft.ReplicatedState} about leadership or failure from such a call; {@code HostThreads}
 * does.
 *
 * <p>Ratis's own snapshots and purging stay unused. A checkpoint is taken by {@code CheckpointRounds} under the state
 * machine's lock, and the log is purged up to what every peer of the group has committed, so that a lagging peer can
 * catch up from the log. Until catch-up by files exists, a dead peer therefore pins the log of its groups.
 */
@NullMarked
package io.flotilla.raftlog.raft.ratis;

import org.jspecify.annotations.NullMarked;

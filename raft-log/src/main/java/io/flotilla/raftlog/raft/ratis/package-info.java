/**
 * Carries our port to consensus on Apache Ratis; no other package may import it.
 *
 * <p>A {@link io.flotilla.raftlog.raft.ratis.RatisHost} owns one Ratis server and opens its groups one by one, so that
 * a group that cannot be trusted stays out without keeping the others down. Each group is a {@code RatisMember}, what
 * our callers hold, and a {@code GroupStateMachine}, what Ratis drives. {@code RatisProfile} is the whole of the
 * configuration with a reason for each value. The {@code transport} package carries the members' messages;
 * {@code GrpcTransport} configures Ratis's own transport, which can take its place.
 *
 * <p>Threads: Ratis applies a group's entries on that group's updater thread, and results of proposals complete there:
 * whoever waits for one must not block it. Ratis calls back under its own locks, so nothing here calls a
 * {@link io.flotilla.raftlog.raft.ReplicatedState} about leadership or failure from such a call; {@code HostThreads}
 * does. A thread of Ratis that ends by an error of its own fails its member: see {@code RatisThreads}.
 *
 * <p>Ratis's own snapshots and purging stay unused; its request for one is where an idle updater rests, see
 * {@code UpdaterRest}. A checkpoint is taken under the state machine's lock when {@code CheckpointDue} says so, and the log
 * is purged up to {@code PurgeLimit}: a peer that lags catches up from the log, or by files once it lacks too much.
 *
 * <p>What a member has made durable is kept in mind by its guard ({@code GuardKeeper}, {@code MemberGuardFile}), and
 * {@code MemberTrust} holds its files against that before it starts.
 */
@NullMarked
package io.flotilla.raftlog.raft.ratis;

import org.jspecify.annotations.NullMarked;

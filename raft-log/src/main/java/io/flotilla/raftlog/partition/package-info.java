/**
 * One broker's replicas of partitions. {@link io.flotilla.raftlog.partition.Partition} is what the edges use: append
 * goes through consensus, read comes from the segments, and nothing above the high watermark is ever visible.
 * {@link io.flotilla.raftlog.partition.PartitionHost} owns the replicas and binds them to their Raft groups.
 *
 * <p>The way of a batch: {@code PartitionReplica.append} checks it, {@code Coalescer} gathers it with others into an
 * {@code AppendEntry}, the Raft group makes that durable on a majority, and on every replica {@code PartitionState.apply}
 * asks the rules and appends to the segments; on the leader the {@code BatchReply} goes back to the producer.
 *
 * <p>The way to the disk: the Raft log is the write-ahead log, so segments are fsynced in the background. {@code
 * Checkpointer} makes segments, index and checkpoint durable in that order; after a crash what lies behind the
 * checkpoint is dropped and the Raft group applies it again.
 *
 * <p>The way out: {@code PartitionReplica.advanceLogStart} proposes an {@code AdvanceLogStart}. Applied, it hides the
 * records before the new start on every replica; their segments are deleted once a checkpoint with that start is
 * durable.
 *
 * <p>The way back: {@code ReplicaRepairs} sorts a replica's failure by {@code Damage} and has its files fetched, the index
 * built anew, or its Raft member leave the group and join it again.
 */
@NullMarked
package io.flotilla.raftlog.partition;

import org.jspecify.annotations.NullMarked;

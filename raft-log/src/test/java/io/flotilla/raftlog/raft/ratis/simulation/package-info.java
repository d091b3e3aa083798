/**
 * The network of one process: a {@link io.flotilla.raftlog.raft.ratis.simulation.Router} under the control of a test
 * carries the messages of our transport between servers, and seeded schedules of faults run over it.
 *
 * <p>What is deterministic: a seed decides the steps of a schedule and what happens to the n-th message on a path.
 * What is not: threads run as they like, so which message is the n-th differs between runs of one seed. A seed that
 * fails is tried again, with a rate of failure rather than a certainty.
 */
@NullMarked
package io.flotilla.raftlog.raft.ratis.simulation;

import org.jspecify.annotations.NullMarked;

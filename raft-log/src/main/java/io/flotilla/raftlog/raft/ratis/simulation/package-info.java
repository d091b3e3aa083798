/**
 * The network of one process: a {@link io.flotilla.raftlog.raft.ratis.simulation.Router} carries the messages of our
 * transport between hosts, and loses, delays, doubles and reorders them as it is told. No broker uses it; it is here,
 * beside the transport, for this module's tests and for simulations elsewhere.
 *
 * <p>What is deterministic: a seed decides what happens to the n-th message on a path. What is not: threads run as they
 * like, so which message is the n-th differs between runs of one seed. A seed that fails is tried again, with a rate of
 * failure rather than a certainty.
 */
@NullMarked
package io.flotilla.raftlog.raft.ratis.simulation;

import org.jspecify.annotations.NullMarked;

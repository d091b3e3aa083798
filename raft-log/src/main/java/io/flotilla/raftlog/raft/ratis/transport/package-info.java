/**
 * Our own transport under Ratis: which messages its members exchange, when, and over what. Consensus stays Ratis's.
 *
 * <p>Two halves meet in three small types, so that either can be replaced:
 *
 * <ul>
 *   <li>Ratis's side, {@code TransportRpc} with one {@code PipelinedAppender} for each follower of each group led here,
 *       decides what is sent, pairs answers with requests, and bounds both.
 *   <li>The wire's side, a {@link io.flotilla.raftlog.raft.ratis.transport.Wire}, carries single
 *       {@link io.flotilla.raftlog.raft.ratis.transport.Message}s to a peer, one way, and hands those that arrive to an
 *       {@link io.flotilla.raftlog.raft.ratis.transport.Inbox}. {@code NettyWire} does so over TCP; tests put a router
 *       in its place that delays, drops, duplicates, reorders and cuts.
 * </ul>
 *
 * <p>A wire promises little: what it accepts may never arrive, arrive late or twice, and it need not tell. It must not
 * change a message, nor name another sender than the real one. Messages of one {@link
 * io.flotilla.raftlog.raft.ratis.transport.Lane} to one peer should keep their order, since every exchange of two
 * costs a round of repair; nothing rests on it.
 *
 * <p>With TLS, {@code WireTls}, a peer proves that it is the one it names in its {@code Hello}, by a certificate of {@code
 * raft.tls}; without, its word is taken.
 *
 * <p>Threading: a wire calls its inbox from any thread, and the inbox never blocks.
 */
@NullMarked
package io.flotilla.raftlog.raft.ratis.transport;

import org.jspecify.annotations.NullMarked;

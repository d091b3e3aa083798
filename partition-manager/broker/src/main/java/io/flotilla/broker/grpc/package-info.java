/**
 * The gRPC edge for clients, {@code flotilla.v1}: messages to calls of the plain services and back, flow control of
 * streams, and errors as {@code google.rpc.Status}.
 *
 * <p>Threading: requests run on a pool of fixed size, not on the network threads: checking a batch costs time in
 * proportion to its size, and reads touch the disk. The pool's queue holds at most one entry for each open call, whose
 * number is bounded for each connection. A stream's state, and everything it sends, belongs to its
 * {@link io.flotilla.broker.concurrent.WakeableTask}, so no two responses of a stream are ever sent at once.
 */
@NullMarked
package io.flotilla.broker.grpc;

import org.jspecify.annotations.NullMarked;

/**
 * How long partitions are without service, as a client sees it, when their leader's broker fails in one of three ways or
 * hands its leaderships over in order ({@link io.flotilla.benchmarks.failover.Trouble}), and whether everything the client
 * was promised is still there. Behind {@code integration-tests/run failover}.
 */
@NullMarked
package io.flotilla.benchmarks.failover;

import org.jspecify.annotations.NullMarked;

/**
 * How long partitions are without service when their leader's broker fails in one of three ways
 * ({@link io.flotilla.benchmarks.failover.Trouble}), as a client sees it, and whether everything it was promised is still
 * there. Behind {@code integration-tests/run failover}.
 */
@NullMarked
package io.flotilla.benchmarks.failover;

import org.jspecify.annotations.NullMarked;

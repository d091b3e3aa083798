/**
 * How fast a cluster of three broker processes on this machine is, through the public client, every acknowledgement
 * after the fsync of a majority. Behind {@code integration-tests/run throughput}, {@code run latency} and {@code run commits}. Clients and
 * brokers share the machine: compare figures of one machine, and quote ratios.
 */
@NullMarked
package io.flotilla.benchmarks;

import org.jspecify.annotations.NullMarked;

/**
 * Clusters of real broker processes, to be used, broken and judged. {@link io.flotilla.cluster.ProcessCluster} starts,
 * kills, pauses and stops brokers on this machine; {@link io.flotilla.cluster.SegmentDigests} compares what replicas
 * hold on disk. {@code traffic} writes and reads through the public client, {@code history} judges what clients saw,
 * {@code suite} puts both together into the runs behind {@code integration-tests/run}.
 */
@NullMarked
package io.flotilla.cluster;

import org.jspecify.annotations.NullMarked;

/**
 * One broker's replicas of partitions. {@link io.flotilla.raftlog.partition.Partition} is what the edges use: append
 * goes through consensus, read comes from the segments, and nothing above the high watermark is ever visible.
 */
@NullMarked
package io.flotilla.raftlog.partition;

import org.jspecify.annotations.NullMarked;

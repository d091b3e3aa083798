/**
 * The broker's one index: where in its segments a partition's log holds an offset or a time. All of it can be built
 * again from the segments, so nothing here is ever the only copy. {@link io.flotilla.raftlog.index.IndexStore} is the
 * seam; RocksDB is known to its implementation alone.
 */
@NullMarked
package io.flotilla.raftlog.index;

import org.jspecify.annotations.NullMarked;

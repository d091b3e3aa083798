/**
 * A partition's records on disk: a {@link io.flotilla.raftlog.segment.SegmentedLog} of files that hold record batches
 * back to back, exactly as they are served. Everything in them is committed; where a file ends and another begins
 * follows from the content alone, so replicas' files are equal byte by byte.
 *
 * <p>One thread appends; readers on any thread see what was published, never more.
 */
@NullMarked
package io.flotilla.raftlog.segment;

import org.jspecify.annotations.NullMarked;

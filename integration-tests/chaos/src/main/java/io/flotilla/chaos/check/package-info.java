/**
 * The judge: {@link io.flotilla.chaos.check.Judge} reads a history in two passes. Pass A streams all events once, in the
 * order of time, through checks with little state, and routes what was acknowledged, polled and finally read, as tuples
 * of 16 bytes, to one stream per partition in a {@link io.flotilla.chaos.check.Spill temporary file}. Pass B takes one
 * partition after the other and joins the tuples by offset in arrays ({@link io.flotilla.chaos.check.PartitionAudit}).
 * Only if something is wrong, the history is read once more, to tell the story of each example
 * ({@link io.flotilla.chaos.check.Stories}).
 *
 * <p>Memory does not grow with the history, but for a byte a value of the partition at hand, and its offsets in windows.
 *
 * <p>A check must be silent about everything a correct cluster may do: unknown outcomes that happened or did not, removed
 * beginnings, consumers that seek. Where a history cannot tell, the answer is {@code UNKNOWN}, which does not pass.
 *
 * <p>Threading: a judge is used by one thread.
 */
@NullMarked
package io.flotilla.chaos.check;

import org.jspecify.annotations.NullMarked;

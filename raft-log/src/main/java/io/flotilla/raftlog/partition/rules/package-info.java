/**
 * What a partition's log decides, as pure rules: which batches are appended, at which offsets, and which are refused.
 * {@link io.flotilla.raftlog.partition.rules.PartitionRules} is the entry; it depends on nothing but the log's content,
 * so that every replica decides alike and replay repeats history exactly. No clock, thread, file or logger here.
 */
@NullMarked
package io.flotilla.raftlog.partition.rules;

import org.jspecify.annotations.NullMarked;

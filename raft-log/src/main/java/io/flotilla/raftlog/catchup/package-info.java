/**
 * How a replica gets a state that its group's log can give it no more: it asks another replica for a
 * {@link io.flotilla.raftlog.catchup.ReplicaManifest}, fetches the segments that differ into a folder beside its own, and
 * changes over once all is there, checked and durable.
 *
 * <pre>
 * &lt;replica&gt;/incoming/&lt;base offset&gt;.log   being fetched; what a crash or a lost source leaves counts next time
 * &lt;replica&gt;/fetched/                      the same under its final name once complete: from then on a start changes
 *                                         over to it
 * &lt;replica&gt;/fetched/manifest              what it shall be
 * &lt;replica&gt;/installed                     the position of the checkpoint that came this way
 * </pre>
 *
 * <p>{@link io.flotilla.raftlog.catchup.ReplicaFetcher} does the work; who gives the bytes is behind
 * {@link io.flotilla.raftlog.catchup.ReplicaSource}. The decisions are in {@code catchup.plan}.
 */
@NullMarked
package io.flotilla.raftlog.catchup;

import org.jspecify.annotations.NullMarked;

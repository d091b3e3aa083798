/**
 * What happened in a run, as JSON lines: {@link io.flotilla.chaos.history.Event} lists every kind of line, and how it
 * reads. The history is the whole input of the judge; nothing of what is judged is kept elsewhere.
 * {@link io.flotilla.chaos.history.HistoryWriter} writes one file of it, of which a folder may have several;
 * {@link io.flotilla.chaos.history.HistoryReader} merges them by time.
 *
 * <p>Time is nanoseconds of one monotonic clock since the run began; all clients run on the harness's host.
 *
 * <h2>Format 1</h2>
 *
 * One JSON object a line without white space; {@code e} is its kind, {@code t} its time. The letters mean the same in
 * every kind; keys that are not listed are passed over. The line {@code run} carries the format's number in {@code f}.
 *
 * <table>
 * <caption>Kinds of lines, their events and keys</caption>
 * <tr><th>{@code e}</th><th>Event</th><th>Keys</th></tr>
 * <tr><td>run</td><td>RunStarted</td><td>f format, S seed, P profile, B brokers, m settings (object of texts)</td></tr>
 * <tr><td>phase</td><td>PhaseBegan</td><td>h phase</td></tr>
 * <tr><td>topic</td><td>TopicUsed</td><td>y topic, N partitions, R replicas, m settings</td></tr>
 * <tr><td>producer</td><td>ProducerOpened</td><td>p process, w producer, d idempotent (0, 1)</td></tr>
 * <tr><td>send</td><td>SendInvoked</td><td>i op, p, k place ("topic-partition"), w, q sequence, b bytes</td></tr>
 * <tr><td>sent</td><td>SendCompleted</td><td>i, p, r outcome (ok, fail, info), x error (left out if empty),
 *     o offset</td></tr>
 * <tr><td>position</td><td>PositionSet</td><td>c consumer, k, o</td></tr>
 * <tr><td>poll</td><td>Polled</td><td>s start, c, k, v records: [[offset, producer, sequence, timestamp], …], the
 *     timestamp left out if it is that of the record before</td></tr>
 * <tr><td>bound</td><td>BoundRead</td><td>s, p, k, z end (1: high watermark, 0: log start), o</td></tr>
 * <tr><td>trim</td><td>TrimInvoked</td><td>i, p, k, o</td></tr>
 * <tr><td>trimmed</td><td>TrimCompleted</td><td>i, p, r, x</td></tr>
 * <tr><td>assigned</td><td>Assigned</td><td>g group, c, G generation, K places (array)</td></tr>
 * <tr><td>revoked</td><td>Revoked</td><td>g, c, G, K, l lost (0, 1)</td></tr>
 * <tr><td>commit</td><td>CommitInvoked</td><td>i, g, c, G, k, o</td></tr>
 * <tr><td>committed</td><td>CommitCompleted</td><td>i, g, c, r, x</td></tr>
 * <tr><td>group</td><td>CommittedRead</td><td>s, p, g, k, o</td></tr>
 * <tr><td>admin</td><td>AdminInvoked</td><td>i, p, C call, y, V value</td></tr>
 * <tr><td>answer</td><td>AdminCompleted</td><td>i, p, r, x, V</td></tr>
 * <tr><td>final</td><td>FinalRead</td><td>k, n node, v</td></tr>
 * <tr><td>bounds</td><td>FinalBounds</td><td>k, n, L log start, E log end, D digest</td></tr>
 * <tr><td>fault</td><td>FaultStep</td><td>j episode, F fault, h, u nodes (array), m parameters, a detail</td></tr>
 * <tr><td>leader</td><td>LeaderSeen</td><td>k, T term, n</td></tr>
 * <tr><td>vote</td><td>VoteSeen</td><td>k, T, n, A candidate</td></tr>
 * <tr><td>started</td><td>NodeStarted</td><td>n</td></tr>
 * <tr><td>exited</td><td>NodeExited</td><td>n, X code, Y expected (0, 1)</td></tr>
 * <tr><td>complaint</td><td>LogComplaint</td><td>n, a the line</td></tr>
 * <tr><td>resources</td><td>ResourcesRead</td><td>n, U descriptors, W threads, H heap bytes, O disk bytes</td></tr>
 * <tr><td>stuck</td><td>ClientStuck</td><td>p, a thread, s seconds</td></tr>
 * <tr><td>metric</td><td>MetricRead</td><td>s, n, M metric, k, Z value</td></tr>
 * </table>
 */
@NullMarked
package io.flotilla.chaos.history;

import org.jspecify.annotations.NullMarked;

/**
 * Topics made and deleted while brokers restart: {@link io.flotilla.controlplane.ControlPlaneSuite} is {@code
 * integration-tests/run control-plane}. In the end every broker's image of the metadata must be what its committed log,
 * replayed by the pure rules, leads to ({@code KeptLogs}, {@code CommittedLog}, {@code Replay}, {@code ImageDifference}),
 * and agree with what each client knows of the names that only it uses ({@code TopicWorker}, {@code OwnedName}).
 */
@NullMarked
package io.flotilla.controlplane;

import org.jspecify.annotations.NullMarked;

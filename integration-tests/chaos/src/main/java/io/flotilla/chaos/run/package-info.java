/**
 * A run from its first topic to its last read: {@link io.flotilla.chaos.run.ChaosRun} starts workloads and observers, has
 * the plan's episodes happen, waits for the cluster to heal, and reads everything once more, through its leaders and from
 * every replica's files. It judges nothing.
 *
 * <p>Observers write what brokers say of themselves: who leads, what they log, how they end, what they use.
 */
@NullMarked
package io.flotilla.chaos.run;

import org.jspecify.annotations.NullMarked;

/**
 * What workloads need of a log, and nothing more, so that another protocol can be put under test by implementing this:
 * {@link io.flotilla.chaos.port.ClientPort} is one connection to the cluster, from which everything else comes.
 *
 * <p>No call throws for what a cluster under attack does: an {@link io.flotilla.chaos.port.Answer} says what is known. An
 * implementation calls {@code FAIL} only what has certainly not happened.
 */
@NullMarked
package io.flotilla.chaos.port;

import org.jspecify.annotations.NullMarked;

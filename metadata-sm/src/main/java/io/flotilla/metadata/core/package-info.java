/**
 * The rules of the cluster's metadata: {@link io.flotilla.metadata.core.Transition} and what it consults. Pure: no
 * clock, randomness, thread, file or logger, so that replay repeats history exactly.
 */
@NullMarked
package io.flotilla.metadata.core;

import org.jspecify.annotations.NullMarked;

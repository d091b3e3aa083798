/**
 * The judge's own test: {@link io.flotilla.chaos.check.mutation.SyntheticHistory} makes valid histories without a
 * cluster, and {@link io.flotilla.chaos.check.mutation.HistoryMutations} spoils them one way at a time; exactly the named
 * checks must say so.
 */
@NullMarked
package io.flotilla.chaos.check.mutation;

import org.jspecify.annotations.NullMarked;

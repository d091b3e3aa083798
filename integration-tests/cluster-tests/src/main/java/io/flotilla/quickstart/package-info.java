/**
 * {@code deploy/quickstart}: a cluster, real data, a broker killed in the middle, and a judgement, in half a minute.
 * {@link io.flotilla.quickstart.Quickstart} is the entry point, {@link io.flotilla.quickstart.Demonstration} tells the
 * story, {@link io.flotilla.quickstart.LineInput} is what it sends, {@link io.flotilla.quickstart.Report} what it prints.
 */
@NullMarked
package io.flotilla.quickstart;

import org.jspecify.annotations.NullMarked;

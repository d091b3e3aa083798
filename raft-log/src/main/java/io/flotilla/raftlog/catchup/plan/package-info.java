/**
 * What a replica must fetch to become equal to another: a function from two lists of segments to a list of steps, and
 * how fast it may go. No clock, thread or file.
 */
@NullMarked
package io.flotilla.raftlog.catchup.plan;

import org.jspecify.annotations.NullMarked;

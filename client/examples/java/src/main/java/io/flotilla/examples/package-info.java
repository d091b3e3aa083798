/**
 * Programs to begin from: {@link io.flotilla.examples.WordCount} counts words in windows of a minute, {@link
 * io.flotilla.examples.ChangeFeed} keeps a table of PostgreSQL equal to a topic of changes. Both say in their
 * documentation what a restart does.
 */
@NullMarked
package io.flotilla.examples;

import org.jspecify.annotations.NullMarked;

/**
 * How a command says that it failed: {@link io.flotilla.cli.failure.ExitCode} for scripts,
 * {@link io.flotilla.cli.failure.Failure} for people (what, why, what to do), and
 * {@link io.flotilla.cli.failure.FailureReporter}, which prints the one and returns the other.
 */
@NullMarked
package io.flotilla.cli.failure;

import org.jspecify.annotations.NullMarked;

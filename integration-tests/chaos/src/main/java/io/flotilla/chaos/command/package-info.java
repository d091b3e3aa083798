/**
 * The command {@code flotilla chaos} and its verbs. {@link io.flotilla.chaos.command.ChaosCommandProvider} is found on
 * the class path; the command line's own module knows nothing of it.
 */
@NullMarked
package io.flotilla.chaos.command;

import org.jspecify.annotations.NullMarked;

/**
 * How commands print what they found. {@link io.flotilla.cli.output.Printer} prints things of one
 * {@link io.flotilla.cli.output.Kind} as a table, as JSON or as bare names; {@link io.flotilla.cli.output.RecordPattern}
 * prints records as the user's format says. Data goes to stdout and nothing else does.
 */
@NullMarked
package io.flotilla.cli.output;

import org.jspecify.annotations.NullMarked;

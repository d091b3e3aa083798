/**
 * The commands of {@code flotilla} that speak to a cluster, over the public client API alone.
 *
 * <p>{@link io.flotilla.cli.ClientCommands} puts them together. Each command is a class: its fields are its options and
 * its {@code run} tells the story; {@link io.flotilla.cli.ClusterCall} around it connects, prints and explains
 * failures. Arguments that need a rule of their own ({@link io.flotilla.cli.StartPosition},
 * {@link io.flotilla.cli.RecordLine}) are values tested without a cluster.
 */
@NullMarked
package io.flotilla.cli;

import org.jspecify.annotations.NullMarked;

package io.flotilla.cli;

import picocli.CommandLine;

/**
 * A command that another module brings. The launcher finds providers on the class path through {@link
 * java.util.ServiceLoader} and puts their commands beside its own, so that a distribution without the module merely
 * lacks the command.
 */
public interface CommandProvider {
    /**
     * The command with all its subcommands; the name under which users call it is its own.
     *
     * @param terminal where it reads and prints
     */
    CommandLine command(Terminal terminal);
}

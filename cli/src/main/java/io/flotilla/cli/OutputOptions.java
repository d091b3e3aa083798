package io.flotilla.cli;

import io.flotilla.cli.output.OutputFormat;
import picocli.CommandLine.Option;

/** The option with which every command's output becomes input of the next. */
final class OutputOptions {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat format;

    OutputFormat format() {
        return format;
    }
}

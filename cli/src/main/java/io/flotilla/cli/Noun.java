package io.flotilla.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A command that only gathers verbs: {@code topic}, {@code partition}, {@code broker}. */
@Command(synopsisSubcommandLabel = "VERB")
final class Noun {

    private Noun() {}

    /**
     * @param verbs the commands below it, in the order in which help lists them
     */
    static CommandLine of(String name, String description, ClusterCommand... verbs) {
        CommandLine noun = new CommandLine(new Noun());
        noun.getCommandSpec().name(name).usageMessage().description(description);
        for (ClusterCommand verb : verbs) {
            noun.addSubcommand(verb);
        }
        return noun;
    }
}

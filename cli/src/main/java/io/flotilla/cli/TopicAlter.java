package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "alter",
        description = "Change settings of a topic; those that are not named stay as they are.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla topic alter orders --set retention.ms=86400000",
            "  flotilla topic alter orders --set max.message.bytes=65536 --unset retention.bytes"
        })
final class TopicAlter extends ClusterCommand {

    @Parameters(paramLabel = "NAME", description = "The topic.")
    private String name;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting's new value; may be repeated.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(
            names = "--unset",
            paramLabel = "KEY",
            description = "A setting that goes back to the cluster's default; may be repeated.")
    private List<String> unset = new ArrayList<>();

    TopicAlter(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "alter topic " + name;
    }

    @Override
    void checkArguments() {
        if (set.isEmpty() && unset.isEmpty()) {
            throw wrong("nothing to change: give --set KEY=VALUE or --unset KEY");
        }
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().show(TopicKinds.TOPIC, cluster.admin().alterTopicConfig(name, set, unset));
        return ExitCode.OK;
    }
}

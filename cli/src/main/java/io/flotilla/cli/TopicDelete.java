package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import io.flotilla.client.Admin;
import io.flotilla.client.DeletedTopic;
import io.flotilla.client.TopicDescription;
import io.flotilla.client.TopicSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        description = {
            "Delete a topic. Its records stay for as long as the cluster is configured to keep them, and"
                    + " `flotilla topic undelete` brings it back. It never asks: --yes says that you mean it."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla topic delete orders --yes", "  flotilla topic delete orders --now --yes"})
final class TopicDelete extends ClusterCommand {

    @Parameters(paramLabel = "NAME", description = "The topic; with --now also the id of one that was deleted before.")
    private String name;

    @Option(names = "--now", description = "Its records go at once, without a way back.")
    private boolean now;

    @Option(names = "--yes", description = "Delete.")
    private boolean yes;

    TopicDelete(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "delete topic " + name;
    }

    @Override
    void checkArguments() {
        if (!yes) {
            throw wrong("deleting topic " + name + (now ? " with all its records" : "") + " needs --yes");
        }
    }

    @Override
    ExitCode run(Cluster cluster) {
        Admin admin = cluster.admin();
        TopicSummary deleted = find(admin);
        if (now) {
            admin.deleteTopicNow(name);
        } else {
            admin.deleteTopic(name);
        }
        printer().show(TopicKinds.DELETED, deleted);
        return ExitCode.OK;
    }

    private TopicSummary find(Admin admin) {
        if (now) {
            for (DeletedTopic before : admin.listDeletedTopics()) {
                if (before.topic().topicId().equals(name)) {
                    return before.topic();
                }
            }
        }
        TopicDescription live = admin.describeTopic(name);
        return new TopicSummary(live.name(), live.topicId(), live.partitionCount(), live.replicationFactor());
    }
}

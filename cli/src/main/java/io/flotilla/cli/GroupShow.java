package io.flotilla.cli;

import io.flotilla.cli.GroupKinds.GroupLag;
import io.flotilla.cli.GroupKinds.GroupView;
import io.flotilla.cli.failure.ExitCode;
import io.flotilla.client.Admin;
import io.flotilla.client.CommittedOffset;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.Position;
import io.flotilla.client.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Show a consumer group: its members and what they read, how far it is behind, and what has moved"
                + " partitions last.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla group show billing", "  flotilla group show billing -o json | jq .lag"})
final class GroupShow extends ClusterCommand {

    @Parameters(paramLabel = "GROUP", description = "The group: `flotilla group list`.")
    private String group;

    GroupShow(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "show group " + group;
    }

    @Override
    ExitCode run(Cluster cluster) {
        Admin admin = cluster.admin();
        GroupDescription description = admin.groups().describe(group);
        printer().show(GroupKinds.GROUP, new GroupView(description, lags(admin)));
        return ExitCode.OK;
    }

    private List<GroupLag> lags(Admin admin) {
        Map<TopicPartition, CommittedOffset> committed =
                new TreeMap<>(admin.groups().committed(group));
        Map<TopicPartition, Position> ends = new TreeMap<>();
        committed.keySet().forEach(partition -> ends.put(partition, Position.end()));
        Map<TopicPartition, Long> found = ends.isEmpty() ? Map.of() : admin.listOffsets(ends);
        List<GroupLag> lags = new ArrayList<>();
        committed.forEach((partition, offset) ->
                lags.add(new GroupLag(partition, offset.offset(), found.getOrDefault(partition, offset.offset()))));
        return lags;
    }
}

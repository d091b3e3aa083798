package io.flotilla.cli;

import io.flotilla.cli.GroupKinds.GroupMove;
import io.flotilla.cli.failure.ExitCode;
import io.flotilla.client.Admin;
import io.flotilla.client.CommittedOffset;
import io.flotilla.client.Position;
import io.flotilla.client.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "seek",
        description =
                "Set the committed offsets of a consumer group that has no members: of all partitions for which it has"
                        + " some, or of the topics named. It never asks: --yes says that you mean it, --dry-run shows what it would do.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla group seek billing --to beginning --dry-run",
            "  flotilla group seek billing --to 2026-11-01T00:00:00Z --topic orders --yes",
            "  flotilla group seek billing --to 1500 --topic orders --partition 0 --yes",
            "  flotilla group seek billing --shift -100 --yes"
        })
final class GroupSeek extends ClusterCommand {

    @Parameters(paramLabel = "GROUP", description = "The group; it is made if there is none.")
    private String group;

    @ArgGroup(multiplicity = "1")
    private Where where = new Where();

    @Option(names = "--topic", paramLabel = "TOPIC", description = "All partitions of this topic; may be repeated.")
    private Set<String> topics = new TreeSet<>();

    @Option(
            names = {"-p", "--partition"},
            paramLabel = "NUMBER",
            description = "Only this partition of the topic; may be repeated.")
    private Set<Integer> partitions = new TreeSet<>();

    @Option(names = "--dry-run", description = "Show what would be done, and do nothing.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Set the offsets.")
    private boolean yes;

    GroupSeek(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    /** One of two ways to say where to. */
    private static final class Where {
        @Option(
                names = "--to",
                paramLabel = "POSITION",
                converter = StartPosition.class,
                description = "beginning, end, an offset, or a time such as 2026-11-22T10:00:00Z.")
        private @Nullable Position to;

        @Option(
                names = "--shift",
                paramLabel = "RECORDS",
                description = "So many records on, or back if negative; never beyond what there is.")
        private @Nullable Long shift;
    }

    @Override
    public String task() {
        return "seek group " + group;
    }

    @Override
    void checkArguments() {
        if (yes == dryRun) {
            throw wrong("seeking group " + group + " needs either --yes or --dry-run");
        }
        if (!partitions.isEmpty() && topics.size() != 1) {
            throw wrong("--partition needs exactly one --topic");
        }
    }

    @Override
    ExitCode run(Cluster cluster) {
        Admin admin = cluster.admin();
        Map<TopicPartition, CommittedOffset> committed = admin.groups().committed(group);
        List<GroupMove> moves = plan(admin, committed, scope(admin, committed));
        if (yes && !moves.isEmpty()) {
            Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
            moves.forEach(move -> offsets.put(move.partition(), move.to()));
            admin.groups().reset(group, offsets);
        }
        printer().list(GroupKinds.MOVE, moves);
        return ExitCode.OK;
    }

    private SortedSet<TopicPartition> scope(Admin admin, Map<TopicPartition, CommittedOffset> committed) {
        SortedSet<TopicPartition> scope = new TreeSet<>();
        if (topics.isEmpty()) {
            scope.addAll(committed.keySet());
        }
        for (String topic : topics) {
            int count = admin.describeTopic(topic).partitionCount();
            for (int partition = 0; partition < count; partition++) {
                scope.add(new TopicPartition(topic, partition));
            }
            partitions.forEach(partition -> scope.add(new TopicPartition(topic, partition)));
            scope.removeIf(
                    one -> one.topic().equals(topic) && !partitions.isEmpty() && !partitions.contains(one.partition()));
        }
        return scope;
    }

    private List<GroupMove> plan(
            Admin admin, Map<TopicPartition, CommittedOffset> committed, SortedSet<TopicPartition> scope) {
        Map<TopicPartition, Long> targets = targets(admin, committed, scope);
        List<GroupMove> moves = new ArrayList<>();
        for (TopicPartition partition : scope) {
            Long target = targets.get(partition);
            CommittedOffset before = committed.get(partition);
            if (target != null) {
                moves.add(new GroupMove(
                        partition, before == null ? OptionalLong.empty() : OptionalLong.of(before.offset()), target));
            }
        }
        return moves;
    }

    private Map<TopicPartition, Long> targets(
            Admin admin, Map<TopicPartition, CommittedOffset> committed, SortedSet<TopicPartition> scope) {
        if (scope.isEmpty()) {
            return Map.of();
        }
        Long shift = where.shift;
        Position to = where.to;
        if (shift == null) {
            return to == null ? Map.of() : admin.listOffsets(all(scope, to));
        }
        Map<TopicPartition, Long> first = admin.listOffsets(all(scope, Position.beginning()));
        Map<TopicPartition, Long> end = admin.listOffsets(all(scope, Position.end()));
        Map<TopicPartition, Long> targets = new LinkedHashMap<>();
        committed.forEach((partition, offset) -> {
            if (scope.contains(partition)) {
                long within = Math.max(
                        first.getOrDefault(partition, 0L),
                        Math.min(end.getOrDefault(partition, Long.MAX_VALUE), offset.offset() + shift));
                targets.put(partition, within);
            }
        });
        return targets;
    }

    private static Map<TopicPartition, Position> all(SortedSet<TopicPartition> scope, Position position) {
        Map<TopicPartition, Position> positions = new LinkedHashMap<>();
        scope.forEach(partition -> positions.put(partition, position));
        return positions;
    }
}

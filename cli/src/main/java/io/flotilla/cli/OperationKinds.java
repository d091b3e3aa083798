package io.flotilla.cli;

import io.flotilla.cli.output.Column;
import io.flotilla.cli.output.Kind;
import io.flotilla.cli.output.Table;
import io.flotilla.client.MovingPartition;
import io.flotilla.client.OperationDescription;
import io.flotilla.client.OperationJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How long operations are printed. */
final class OperationKinds {
    private static final String NOTHING = "-";

    private static final List<Column<MovingPartition>> PARTITION_COLUMNS = List.of(
            Column.text("TOPIC", moving -> moving.partition().topic()),
            Column.number("PARTITION", moving -> moving.partition().partition()),
            Column.text("REPLICAS", moving -> ids(moving.replicaBrokerIds())),
            Column.text("TARGET", moving -> ids(moving.targetBrokerIds())),
            Column.text("VOTERS", moving -> ids(moving.voterBrokerIds())));

    static final Kind<OperationDescription> OPERATION = new Kind<>(
            "Operation",
            OperationDescription::id,
            OperationKinds::fields,
            List.of(
                    Column.text("OPERATION", OperationDescription::id),
                    Column.text("STATE", OperationKinds::state),
                    Column.number("REMAINING", OperationDescription::partitionsRemaining),
                    Column.text("STARTED", operation -> operation.startedAt().toString()),
                    Column.text(
                            "ENDED",
                            operation ->
                                    operation.endedAt().map(Instant::toString).orElse(NOTHING)),
                    Column.text("JOB", operation -> operation.job().match(new Sentence()))),
            OperationKinds::details);

    private OperationKinds() {}

    static String state(OperationDescription operation) {
        return operation.state().name().toLowerCase(Locale.ROOT);
    }

    /** {@code 1,2,3}. */
    static String ids(List<Integer> brokerIds) {
        return brokerIds.isEmpty()
                ? NOTHING
                : brokerIds.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static List<String> details(OperationDescription operation) {
        List<String> lines = new ArrayList<>();
        if (!operation.message().isEmpty()) {
            lines.add("");
            lines.add(operation.message());
        }
        if (!operation.remaining().isEmpty()) {
            lines.add("");
            lines.addAll(Table.lines(PARTITION_COLUMNS, operation.remaining()));
            int untold = operation.partitionsRemaining() - operation.remaining().size();
            if (untold > 0) {
                lines.add("and " + untold + " more");
            }
        }
        return lines;
    }

    @SuppressWarnings("NullAway") // the tree holds null for JSON's null
    private static Map<String, Object> fields(OperationDescription operation) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", operation.id());
        fields.put("state", state(operation));
        fields.put("job", operation.job().match(new Fields()));
        fields.put("startedAt", operation.startedAt());
        fields.put("endedAt", operation.endedAt().orElse(null));
        fields.put("partitionsAtStart", operation.partitionsAtStart());
        fields.put("partitionsRemaining", operation.partitionsRemaining());
        fields.put("message", operation.message());
        fields.put(
                "remaining",
                operation.remaining().stream().map(OperationKinds::fields).toList());
        return fields;
    }

    private static Map<String, Object> fields(MovingPartition moving) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("topic", moving.partition().topic());
        fields.put("partition", moving.partition().partition());
        fields.put("replicas", moving.replicaBrokerIds());
        fields.put("target", moving.targetBrokerIds());
        fields.put("voters", moving.voterBrokerIds());
        return fields;
    }

    /** A job as people read it. */
    private static final class Sentence implements OperationJob.Cases<String> {
        @Override
        public String decommission(OperationJob.Decommission job) {
            return "decommission broker " + job.brokerId();
        }

        @Override
        public String move(OperationJob.Move job) {
            return "move " + job.partition() + " to " + ids(job.brokerIds());
        }

        @Override
        public String changeReplication(OperationJob.ChangeReplication job) {
            return "replicate topic " + job.topic() + " " + job.replicationFactor() + " times";
        }

        @Override
        public String rebalance(OperationJob.Rebalance job) {
            return "rebalance the cluster";
        }

        @Override
        public String recover(OperationJob.Recover job) {
            return "recover " + job.partition() + " from broker " + job.survivorBrokerId() + ", giving up "
                    + ids(job.givenUpBrokerIds());
        }

        @Override
        public String other(OperationJob.Other job) {
            return "a job that this command line does not know";
        }
    }

    /** A job as scripts read it: its type, and what it is about. */
    private static final class Fields implements OperationJob.Cases<Map<String, Object>> {
        @Override
        public Map<String, Object> decommission(OperationJob.Decommission job) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("type", "decommission");
            fields.put("broker", job.brokerId());
            return fields;
        }

        @Override
        public Map<String, Object> move(OperationJob.Move job) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("type", "move");
            fields.put("topic", job.partition().topic());
            fields.put("partition", job.partition().partition());
            fields.put("brokers", job.brokerIds());
            return fields;
        }

        @Override
        public Map<String, Object> changeReplication(OperationJob.ChangeReplication job) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("type", "replication");
            fields.put("topic", job.topic());
            fields.put("replicationFactor", job.replicationFactor());
            return fields;
        }

        @Override
        public Map<String, Object> rebalance(OperationJob.Rebalance job) {
            return Map.of("type", "rebalance");
        }

        @Override
        public Map<String, Object> recover(OperationJob.Recover job) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("type", "recovery");
            fields.put("topic", job.partition().topic());
            fields.put("partition", job.partition().partition());
            fields.put("from", job.survivorBrokerId());
            fields.put("givenUp", job.givenUpBrokerIds());
            return fields;
        }

        @Override
        public Map<String, Object> other(OperationJob.Other job) {
            return Map.of("type", "unknown");
        }
    }
}

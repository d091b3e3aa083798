package io.flotilla.cli;

import io.flotilla.cli.output.Column;
import io.flotilla.cli.output.Kind;
import io.flotilla.cli.output.Table;
import io.flotilla.client.RecoverableReplica;
import io.flotilla.client.TopicPartition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a recovery would do, as it is told to somebody who has not accepted it yet. */
final class RecoveryKinds {
    private static final String NOTHING = "-";

    /**
     * A recovery that has not begun.
     *
     * @param replicas the survivor's first
     */
    record Recovery(TopicPartition partition, int from, List<RecoverableReplica> replicas) {
        RecoverableReplica survivor() {
            return replicas.get(0);
        }

        List<Integer> givenUp() {
            return replicas.stream().skip(1).map(RecoverableReplica::brokerId).toList();
        }

        /** One that is given up though its log holds more than the survivor's. */
        Optional<RecoverableReplica> better() {
            return replicas.stream()
                    .skip(1)
                    .filter(replica -> replica.isUsable() && replica.hasMoreThan(survivor()))
                    .findFirst();
        }
    }

    private static final List<Column<RecoverableReplica>> REPLICA_COLUMNS = List.of(
            Column.number("BROKER", RecoverableReplica::brokerId),
            Column.text("HEARD-OF", replica -> replica.fencedSince()
                    .map(since -> "not since " + since)
                    .orElse("yes")),
            Column.text("LOG-START", replica -> known(replica, replica.logStartOffset())),
            Column.text("COMMITTED-END", replica -> known(replica, replica.highWatermark())),
            Column.text("LAST-ENTRY", RecoveryKinds::lastEntry),
            Column.text("STATE", RecoveryKinds::state));

    static final Kind<Recovery> RECOVERY = new Kind<>(
            "PartitionRecovery",
            recovery -> recovery.partition().toString(),
            RecoveryKinds::fields,
            List.of(
                    Column.text("PARTITION", recovery -> recovery.partition().toString()),
                    Column.number("GOES-ON-FROM", Recovery::from),
                    Column.text("GIVES-UP", recovery -> OperationKinds.ids(recovery.givenUp()))),
            RecoveryKinds::details);

    private RecoveryKinds() {}

    private static String known(RecoverableReplica replica, long value) {
        return replica.isKnown() ? Long.toString(value) : NOTHING;
    }

    /** {@code index 512 of term 7}. */
    private static String lastEntry(RecoverableReplica replica) {
        return replica.isKnown() && replica.lastIndex() >= 0
                ? "index " + replica.lastIndex() + " of term " + replica.lastTerm()
                : NOTHING;
    }

    private static String state(RecoverableReplica replica) {
        if (!replica.isKnown()) {
            return "unknown: " + replica.unknownBecause();
        }
        return replica.isUsable() ? "usable" : "failed: " + replica.failure();
    }

    private static List<String> details(Recovery recovery) {
        String others = OperationKinds.ids(recovery.givenUp());
        TopicPartition partition = recovery.partition();
        List<String> lines = new ArrayList<>(List.of(""));
        lines.addAll(Table.lines(REPLICA_COLUMNS, recovery.replicas()));
        lines.add("");
        lines.add("Nothing was changed. If one of brokers " + others + " can be started again, do that instead: with a"
                + " majority nothing is lost.");
        lines.add("A recovery cannot be taken back:");
        lines.add("- The partition goes on from the replica on broker " + recovery.from()
                + " alone, with all that this one has.");
        lines.add("- Records that were acknowledged, but that only brokers " + others + " have, are lost for ever.");
        lines.add(
                "- If brokers " + others + " come back, they put their replicas into their quarantine folders and get"
                        + " new ones. Should they run yet, cut off from the cluster, stop them first: what they acknowledge is lost.");
        if (!recovery.survivor().isUsable()) {
            lines.add("- It will be refused as long as the replica on broker " + recovery.from() + " is not usable.");
        }
        recovery.better()
                .ifPresent(better ->
                        lines.add("- The log on broker " + better.brokerId() + " goes on behind that of broker "
                                + recovery.from() + ": --from " + better.brokerId() + " loses less."));
        lines.add("To go on: flotilla partition recover " + partition.topic() + " " + partition.partition() + " --from "
                + recovery.from() + " --accept-loss " + partition.topic() + "-" + partition.partition());
        return lines;
    }

    private static Map<String, Object> fields(Recovery recovery) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("topic", recovery.partition().topic());
        fields.put("partition", recovery.partition().partition());
        fields.put("from", recovery.from());
        fields.put("givesUp", recovery.givenUp());
        fields.put(
                "replicas",
                recovery.replicas().stream().map(RecoveryKinds::fields).toList());
        return fields;
    }

    @SuppressWarnings("NullAway") // the tree holds null for JSON's null
    private static Map<String, Object> fields(RecoverableReplica replica) {
        boolean known = replica.isKnown();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("broker", replica.brokerId());
        fields.put("fencedSince", replica.fencedSince().map(Instant::toString).orElse(null));
        fields.put("usable", replica.isUsable());
        fields.put("state", state(replica));
        fields.put("logStartOffset", known ? replica.logStartOffset() : null);
        fields.put("committedEnd", known ? replica.highWatermark() : null);
        fields.put("lastIndex", known ? replica.lastIndex() : null);
        fields.put("lastTerm", known ? replica.lastTerm() : null);
        return fields;
    }
}

package io.flotilla.quickstart;

import io.flotilla.cli.output.Column;
import io.flotilla.cli.output.Table;
import io.flotilla.cluster.SegmentDigests.PartitionDigests;
import io.flotilla.cluster.SegmentDigests.ReplicaDigest;
import io.flotilla.cluster.history.Check;
import io.flotilla.cluster.history.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Puts an outcome into lines for people. */
final class Report {
    private Report() {}

    static List<String> lines(Outcome outcome) {
        List<String> lines = new ArrayList<>();
        lines.addAll(figures(outcome));
        lines.add("");
        lines.addAll(brokers(outcome));
        lines.add("");
        lines.addAll(segments(outcome.digests()));
        if (!outcome.verdict().passed()) {
            lines.add("");
            outcome.verdict().toString().lines().forEach(lines::add);
        }
        lines.add("");
        lines.add(outcome.passed() ? "RESULT PASS" : "RESULT FAIL");
        return lines;
    }

    private record Figure(String name, String value) {}

    private static List<String> figures(Outcome outcome) {
        Verdict verdict = outcome.verdict();
        List<Figure> figures = List.of(
                new Figure("sent", number(verdict.written())),
                new Figure("acknowledged", number(verdict.acknowledged())),
                new Figure("read back", number(verdict.read())),
                new Figure("acknowledged, but missing", count(verdict, Check.LOST)),
                new Figure("changed", count(verdict, Check.CHANGED)),
                new Figure("duplicated", count(verdict, Check.DUPLICATED)),
                new Figure("never sent", count(verdict, Check.FOREIGN)),
                new Figure("out of order per key", count(verdict, Check.OUT_OF_ORDER)),
                new Figure("at another offset than acknowledged", count(verdict, Check.INCONSISTENT_OFFSET)),
                new Figure("gaps in offsets", count(verdict, Check.GAP)),
                new Figure(
                        "longest time without an acknowledgement",
                        String.format(
                                Locale.ROOT,
                                "%.2f s",
                                outcome.availability().longestSilence().toMillis() / 1000.0)));
        return Table.lines(
                List.of(Column.text("RECORDS", Figure::name), new Column<>("", true, Figure::value)), figures);
    }

    private static List<String> brokers(Outcome outcome) {
        List<Integer> ids = List.copyOf(outcome.leadersBefore().keySet());
        return Table.lines(
                List.of(
                        Column.text(
                                "BROKER", id -> id + (id == outcome.killedBroker() ? " (killed and restarted)" : "")),
                        Column.number(
                                "LEADS BEFORE", id -> outcome.leadersBefore().getOrDefault(id, 0)),
                        Column.number("WHILE ONE WAS DOWN", id -> outcome.leadersWithout()
                                .getOrDefault(id, 0)),
                        Column.number("AT THE END", id -> outcome.leadersAfter().getOrDefault(id, 0))),
                ids);
    }

    private record Replica(int partition, int broker, ReplicaDigest digest, boolean identical) {}

    private static List<String> segments(List<PartitionDigests> digests) {
        List<Replica> replicas = new ArrayList<>();
        for (PartitionDigests partition : digests) {
            for (Map.Entry<Integer, ReplicaDigest> replica :
                    partition.replicas().entrySet()) {
                replicas.add(new Replica(
                        partition.partition(), replica.getKey(), replica.getValue(), partition.identical()));
            }
        }
        return Table.lines(
                List.of(
                        Column.number("PARTITION", Replica::partition),
                        Column.number("BROKER", Replica::broker),
                        Column.number(
                                "SEGMENT BYTES", replica -> replica.digest().bytes()),
                        Column.text("SHA-256 OF ITS SEGMENTS", replica -> replica.digest()
                                .sha256()),
                        Column.text("", replica -> replica.identical() ? "identical" : "DIFFERS")),
                replicas);
    }

    private static String count(Verdict verdict, Check check) {
        return number(verdict.count(check));
    }

    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}

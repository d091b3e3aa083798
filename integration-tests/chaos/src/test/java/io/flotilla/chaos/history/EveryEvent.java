package io.flotilla.chaos.history;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One event of every kind, as the stored example of format 1 has them. */
final class EveryEvent {
    private static final Place ORDERS = new Place("orders-eu", 3);

    private EveryEvent() {}

    static List<Event> list() {
        var records = new Records().add(416, 7, 6990, 1700000000000L).add(417, 7, 6991, 1700000000000L);
        records.add(418, Records.FOREIGN, 0, 1700000000005L);
        return List.of(
                new Event.RunStarted(0, 1, -42, "random", 3, map("minutes", "5", "note", "a \"b\" \\ \u00fc\n")),
                new Event.PhaseBegan(1, "faults"),
                new Event.TopicUsed(2, "orders-eu", 4, 3, map("retention.ms", "1000")),
                new Event.ProducerOpened(3, 1, 7, true),
                new Event.SendInvoked(4, 812, 1, ORDERS, 7, 6990, 100),
                new Event.SendCompleted(5, 812, 1, Outcome.OK, 416, ""),
                new Event.SendCompleted(6, 813, 1, Outcome.INFO, -1, "TIMEOUT"),
                new Event.PositionSet(7, 2, ORDERS, 416),
                new Event.Polled(9, 8, 2, ORDERS, records),
                new Event.BoundRead(11, 10, 4, ORDERS, true, 419),
                new Event.TrimInvoked(12, 814, 4, ORDERS, 400),
                new Event.TrimCompleted(13, 814, 4, Outcome.FAIL, "OFFSET_OUT_OF_RANGE"),
                new Event.Assigned(14, "g1", 2, 5, List.of(ORDERS, new Place("orders-eu", 0))),
                new Event.Revoked(15, "g1", 2, 5, List.of(), true),
                new Event.CommitInvoked(16, 815, "g1", 2, 5, ORDERS, 418),
                new Event.CommitCompleted(17, 815, "g1", 2, Outcome.OK, ""),
                new Event.CommittedRead(19, 18, 4, "g1", ORDERS, -1),
                new Event.AdminInvoked(20, 816, 5, "create", "t9", "partitions=1"),
                new Event.AdminCompleted(21, 816, 5, Outcome.OK, "", ""),
                new Event.FinalRead(22, ORDERS, 2, records),
                new Event.FinalBounds(23, ORDERS, 2, 400, 419, "ab12"),
                new Event.FaultStep(24, 1, "N1", "armed", List.of(1, 2), map("restartMillis", "500"), "pid 4711"),
                new Event.LeaderSeen(25, ORDERS, 3, 2),
                new Event.VoteSeen(26, ORDERS, 3, 1, 2),
                new Event.NodeStarted(27, 1),
                new Event.NodeExited(28, 1, 137, true),
                new Event.LogComplaint(29, 1, "gap between entries\t7"),
                new Event.ResourcesRead(30, 1, 120, 60, 50_000_000, 9_000_000_000L),
                new Event.MetricRead(32, 31, 1, "flotilla_high_watermark", ORDERS, 419.5),
                new Event.ClientStuck(33, 4, "W2-0", 61));
    }

    private static SortedMap<String, String> map(String... pairs) {
        var map = new TreeMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return new TreeMap<>(Map.copyOf(map));
    }
}

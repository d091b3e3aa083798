package io.flotilla.chaos.sim;

import io.flotilla.cluster.history.ValueId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Compares what was asked and answered with what every replica holds at the end. Pure. */
final class SimJudge {
    private final SimHistory.Facts facts;
    private final List<String> violations = new ArrayList<>();

    private SimJudge(SimHistory.Facts facts) {
        this.facts = facts;
    }

    /**
     * One replica's log at the end.
     *
     * @param start  offset of the first of its values
     * @param values in the order of their offsets, which have no holes
     */
    record NodeLog(int node, long start, List<ValueId> values) {
        NodeLog {
            values = List.copyOf(values);
        }

        long end() {
            return start + values.size();
        }

        /** Null outside of the log. */
        @SuppressWarnings("NullAway") // the comparisons ask for it
        ValueId at(long offset) {
            return offset < start || offset >= end() ? null : values.get((int) (offset - start));
        }
    }

    /** @return what is wrong; empty if all is well */
    static List<String> judge(SimHistory.Facts facts, List<NodeLog> logs) {
        SimJudge judge = new SimJudge(facts);
        judge.violations.addAll(facts.violations());
        if (!logs.isEmpty()) {
            judge.equalLogs(logs);
            judge.nothingForeignOrDouble(logs.get(0));
            judge.nothingMissing(logs.get(0), facts.acknowledged(), "acknowledged");
            judge.nothingMissing(logs.get(0), facts.read(), "read");
        }
        return List.copyOf(judge.violations);
    }

    private void equalLogs(List<NodeLog> logs) {
        NodeLog first = logs.get(0);
        for (NodeLog log : logs) {
            if (log.start() != first.start() || log.end() != first.end()) {
                violations.add("node " + first.node() + " has offsets " + first.start() + " to " + first.end()
                        + ", and node " + log.node() + " has " + log.start() + " to " + log.end());
            }
            for (long offset = Math.max(log.start(), first.start());
                    offset < Math.min(log.end(), first.end());
                    offset++) {
                if (!Objects.equals(log.at(offset), first.at(offset))) {
                    violations.add("offset " + offset + " is " + first.at(offset) + " on node " + first.node() + " and "
                            + log.at(offset) + " on node " + log.node());
                    return; // from there on all differ
                }
            }
        }
    }

    private void nothingForeignOrDouble(NodeLog log) {
        if (log.start() > facts.trimmedTo()) {
            violations.add("the log begins at " + log.start() + ", and was trimmed to " + facts.trimmedTo());
        }
        Map<ValueId, Long> places = new HashMap<>();
        for (long offset = log.start(); offset < log.end(); offset++) {
            ValueId value = log.at(offset);
            if (facts.sent().getOrDefault(value.producer(), -1L) < value.sequence()) {
                violations.add("offset " + offset + " is " + value + ", which nobody has sent");
            }
            Long before = places.put(value, offset);
            if (before != null) {
                violations.add(value + " is at offsets " + before + " and " + offset);
            }
        }
    }

    private void nothingMissing(NodeLog log, Map<Long, ValueId> wanted, String how) {
        wanted.forEach((offset, value) -> {
            if (offset >= log.start() && !value.equals(log.at(offset))) {
                violations.add(value + " was " + how + " at offset " + offset + ", where the log has "
                        + (offset < log.end() ? log.at(offset) : "its end " + log.end()));
            }
        });
    }
}

package io.flotilla.chaos.backend.netns;

import io.flotilla.chaos.net.LinkRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words in which the packet filter of a namespace is told what a link shall do, and tells what it has counted. Every
 * counted line has a comment with the chain and the counter.
 */
final class PacketFilter {
    /** A line of {@code iptables-save -c}. */
    private static final Pattern COUNTED = Pattern.compile("\\[(\\d+):\\d+\\] -A (\\S+) .*--comment (\\S+).*");

    private PacketFilter() {}

    /** What the filter counts. */
    enum Counter {
        PASSED,
        STOPPED,
        REFUSED,
        LOST,
        LATE,
        NARROWED,
        LATE_AND_NARROWED,
        DOUBLED;

        String comment() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The lines of one chain, in the form of {@code iptables-restore}; they replace those that it had.
     *
     * @param ports of the listeners to which connections may be refused; none where none are opened
     * @param queue of late packets
     */
    static List<String> chain(String chain, LinkRule rule, List<Integer> ports, int queue) {
        List<String> lines = new ArrayList<>();
        lines.add(":" + chain + " - [0:0]");
        if (rule.cut()) {
            lines.add(line(chain, "", Counter.STOPPED, "-j DROP"));
        }
        if (rule.forgotten()) {
            lines.add("-A " + chain + " -p tcp --tcp-flags RST RST -j DROP");
        }
        if (rule.refuse() && !ports.isEmpty()) {
            String destinations =
                    String.join(",", ports.stream().map(String::valueOf).toList());
            lines.add(line(
                    chain,
                    "-p tcp -m multiport --dports " + destinations + " -m tcp ! --tcp-flags RST RST ",
                    Counter.REFUSED,
                    "-j REJECT --reject-with tcp-reset"));
        }
        if (rule.lost() > 0) {
            lines.add(line(chain, chance(rule.lost()), Counter.LOST, "-j DROP"));
        }
        if (rule.isLate() || rule.isNarrow()) {
            Counter counter =
                    !rule.isNarrow() ? Counter.LATE : rule.isLate() ? Counter.LATE_AND_NARROWED : Counter.NARROWED;
            lines.add(line(chain, "", counter, "-j NFQUEUE --queue-num " + queue + " --queue-bypass"));
        }
        lines.add(line(chain, "", Counter.PASSED, ""));
        return lines;
    }

    /** The lines of a chain that sends a share of the packets twice. */
    static List<String> doublingChain(String chain, double doubled, String receiver) {
        List<String> lines = new ArrayList<>();
        lines.add(":" + chain + " - [0:0]");
        if (doubled > 0) {
            lines.add(line(chain, chance(doubled), Counter.DOUBLED, "-j TEE --gateway " + receiver));
        }
        return lines;
    }

    private static String chance(double share) {
        return String.format(Locale.ROOT, "-m statistic --mode random --probability %.6f ", share);
    }

    private static String line(String chain, String match, Counter counter, String action) {
        return "-A " + chain + " " + match + "-m comment --comment " + counter.comment() + " " + action;
    }

    /** Packets by chain and counter, out of what {@code iptables-save -c} says. */
    static Map<String, Map<Counter, Long>> counts(String saved) {
        Map<String, Map<Counter, Long>> counts = new TreeMap<>();
        for (String line : saved.split("\n")) {
            Matcher counted = COUNTED.matcher(line);
            if (counted.matches()) {
                Counter counter =
                        Counter.valueOf(counted.group(3).replace("\"", "").toUpperCase(Locale.ROOT));
                counts.computeIfAbsent(counted.group(2), chain -> new TreeMap<>())
                        .merge(counter, Long.parseLong(counted.group(1)), Long::sum);
            }
        }
        return counts;
    }
}

package io.flotilla.chaos.backend.netns;

import io.flotilla.chaos.backend.netns.PacketFilter.Counter;
import io.flotilla.chaos.net.LinkRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The packet filter of one broker's namespace. It has a chain for each link that ends here, one for the link to clients,
 * whose own namespace is the machine's and is left alone, and one for each broker to which packets may be doubled.
 *
 * <p>Threading: confined to whoever holds the lock of the links.
 */
final class NamespaceFilter implements AutoCloseable {
    private final List<String> launcher;
    private final List<Integer> ports;
    private final LatePackets late;
    /** Of chains that were replaced since. */
    private final Map<String, Map<Counter, Long>> earlier = new TreeMap<>();

    private NamespaceFilter(List<String> launcher, List<Integer> ports, LatePackets late) {
        this.launcher = launcher;
        this.ports = ports;
        this.late = late;
    }

    /** A chain, the number of its queue, and the packets that it gets, in the filter's words. */
    record Chain(String name, int queue, String packets) {}

    /**
     * Makes the chains, through which everything passes at first. The caller closes the filter; the chains go with the
     * namespace.
     *
     * @param launcher words that bring a command into the namespace
     * @param ports    of the broker's listeners
     * @param filtered chains of the filter, each named as in the table {@code filter}
     * @param doubling the same for packets that may be doubled
     */
    static NamespaceFilter make(
            List<String> launcher, List<Integer> ports, List<Chain> filtered, List<Chain> doubling) {
        LatePackets late =
                LatePackets.start(launcher, filtered.stream().map(Chain::queue).toList());
        NamespaceFilter made = new NamespaceFilter(launcher, ports, late);
        try {
            List<String> lines = new ArrayList<>(List.of("*filter"));
            filtered.forEach(chain -> lines.addAll(PacketFilter.chain(chain.name(), LinkRule.NONE, List.of(), 0)));
            filtered.forEach(chain -> lines.add("-A " + chain.packets() + " -j " + chain.name()));
            lines.addAll(List.of("COMMIT", "*mangle"));
            doubling.forEach(chain -> lines.addAll(PacketFilter.doublingChain(chain.name(), 0, "")));
            doubling.forEach(chain -> lines.add("-A " + chain.packets() + " -j " + chain.name()));
            lines.add("COMMIT");
            made.restore(lines);
            return made;
        } catch (RuntimeException failure) {
            late.close();
            throw failure;
        }
    }

    /** Has a link that is filtered here follow another rule, but for the doubling. */
    void rule(Chain chain, LinkRule before, LinkRule after) {
        if (after.isLate() || after.isNarrow()) {
            late.rule(chain.queue(), after.delayNanos(), after.jitterNanos(), after.bytesPerSecond());
        }
        remember(chain.name());
        List<String> lines = new ArrayList<>(List.of("*filter"));
        lines.addAll(PacketFilter.chain(chain.name(), after, ports, chain.queue()));
        lines.add("COMMIT");
        restore(lines);
        if ((before.isLate() || before.isNarrow()) && !after.isLate() && !after.isNarrow()) {
            late.rule(chain.queue(), 0, 0, 0);
        }
    }

    /** Has a share of the packets to another broker be sent twice. */
    void doubling(Chain chain, double doubled, String receiver) {
        remember(chain.name());
        List<String> lines = new ArrayList<>(List.of("*mangle"));
        lines.addAll(PacketFilter.doublingChain(chain.name(), doubled, receiver));
        lines.add("COMMIT");
        restore(lines);
    }

    private void remember(String chain) {
        earlier.put(chain, counts(chain));
    }

    /** What a chain has counted since it was made. */
    Map<Counter, Long> counts(String chain) {
        Map<Counter, Long> sum = new TreeMap<>(earlier.getOrDefault(chain, Map.of()));
        String saved = Command.run("", Command.words(launcher, "iptables-save", "-c"));
        PacketFilter.counts(saved)
                .getOrDefault(chain, Map.of())
                .forEach((counter, packets) -> sum.merge(counter, packets, Long::sum));
        return sum;
    }

    /**
     * Resets the open connections that an address has opened to this broker; its socket is gone, and the address is told.
     *
     * @return how many
     */
    int reset(String peer) {
        List<String> kill = Command.words(launcher, "ss", "-H", "-K", "-t", "-n", "dst", peer, "and", "(");
        String separator = "";
        for (int port : ports) {
            if (!separator.isEmpty()) {
                kill.add(separator);
            }
            kill.addAll(List.of("sport", "=", ":" + port));
            separator = "or";
        }
        kill.add(")");
        return (int)
                Command.run("", kill).lines().filter(line -> !line.isBlank()).count();
    }

    private void restore(List<String> lines) {
        String input = String.join("\n", lines) + "\n";
        Command.run(input, Command.words(launcher, "iptables-restore", "--noflush", "--wait"));
    }

    @Override
    public void close() {
        late.close();
    }
}

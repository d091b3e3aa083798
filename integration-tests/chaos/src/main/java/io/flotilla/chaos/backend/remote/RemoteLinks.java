package io.flotilla.chaos.backend.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.net.LinkCounters;
import io.flotilla.chaos.net.LinkRule;
import io.flotilla.chaos.net.Links;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Links between an operator's brokers, which commands can cut; they count nothing, but can be probed. */
final class RemoteLinks implements Links {
    static final List<String> COMMANDS = List.of("cut", "heal", "probe");
    private static final LinkCounters NOTHING = new LinkCounters(0, 0, 0, 0, 0, 0, 0);

    private final RemoteCluster cluster;

    @GuardedBy("this")
    private final Map<List<Integer>, Long> cuts = new HashMap<>();

    RemoteLinks(RemoteCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public List<Integer> nodes() {
        return cluster.nodes();
    }

    @Override
    public synchronized LinkRule rule(int from, int to) {
        return cuts.containsKey(List.of(from, to)) ? LinkRule.NONE.withCut() : LinkRule.NONE;
    }

    @Override
    public synchronized void rule(int from, int to, LinkRule rule) {
        if (!rule.equals(LinkRule.NONE) && !rule.equals(LinkRule.NONE.withCut())) {
            throw new UnsupportedOperationException("links of an operator's cluster can be cut, and nothing else");
        }
        if (from == CLIENTS || to == CLIENTS) {
            throw new UnsupportedOperationException("links to clients of an operator's cluster cannot be cut");
        }
        RemoteBroker receiver = cluster.broker(to);
        Optional<RemoteBroker> sender = Optional.of(cluster.broker(from));
        List<Integer> way = List.of(from, to);
        @Nullable Long entry = cuts.get(way);
        if (rule.cut() && entry == null) {
            cuts.put(
                    way,
                    cluster.journal().add("remote", List.of("cut", from + "->" + to), receiver.words("heal", sender)));
            receiver.run("cut", sender);
        } else if (!rule.cut() && entry != null) {
            receiver.run("heal", sender);
            cluster.journal().done(entry);
            cuts.remove(way);
        }
    }

    @Override
    public void reset(int from, int to) {
        throw new UnsupportedOperationException("connections of an operator's cluster cannot be reset");
    }

    @Override
    public void forget(int from, int to) {
        reset(from, to);
    }

    @Override
    public LinkCounters counters(int from, int to) {
        return NOTHING;
    }

    @Override
    public boolean count() {
        return false;
    }

    @Override
    public Optional<Duration> probe(int from, int to, Duration timeout) {
        long startNanos = System.nanoTime();
        try {
            cluster.broker(from).run("probe", Optional.of(cluster.broker(to)));
            return Optional.of(Duration.ofNanos(System.nanoTime() - startNanos));
        } catch (FaultException unreachable) {
            return Optional.empty();
        }
    }
}

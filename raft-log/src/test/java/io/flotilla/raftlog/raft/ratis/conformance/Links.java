package io.flotilla.raftlog.raft.ratis.conformance;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashSet;
import java.util.Set;

/**
 * Which directions between nodes are cut.
 *
 * <p>Threading: safe for all threads.
 */
final class Links {
    private record Link(int from, int to) {}

    @GuardedBy("this")
    private final Set<Link> cut = new HashSet<>();

    synchronized void cut(int from, int to) {
        cut.add(new Link(from, to));
    }

    synchronized void heal(int from, int to) {
        cut.remove(new Link(from, to));
        notifyAll();
    }

    synchronized void awaitOpen(int from, int to) throws InterruptedException {
        Link link = new Link(from, to);
        while (cut.contains(link)) {
            wait();
        }
    }
}

package io.flotilla.raftlog.raft.ratis.simulation;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * One group of a {@link Fleet}, with what a test may do to it alone.
 *
 * <p>Threading: confined to the thread of its schedule, but for {@link #newJournal}.
 */
final class SimulatedGroup {
    private final GroupId id;
    private final Fleet fleet;
    private final SafetyCheck safety = new SafetyCheck();
    private final Map<Integer, Disk> disks = new ConcurrentHashMap<>();
    private final Map<Integer, Journal> journals = new ConcurrentHashMap<>();

    SimulatedGroup(GroupId id, Fleet fleet) {
        this.id = id;
        this.fleet = fleet;
    }

    /** The state of a member that is about to open: what its disk holds. */
    ReplicatedState newJournal(int node) {
        Disk disk = disks.computeIfAbsent(node, unused -> new Disk());
        Collection<Journal> others = journals.values();
        Journal journal = new Journal(disk, () -> others, safety.witnessOf(node));
        journals.put(node, journal);
        return journal;
    }

    GroupId id() {
        return id;
    }

    SafetyCheck safety() {
        return safety;
    }

    Journal journal(int node) {
        return Objects.requireNonNull(journals.get(node));
    }

    /** A node's member, empty while it is suspended. */
    Optional<ReplicatedGroup> member(int node) {
        return fleet.host(node).group(id);
    }

    static List<Integer> nodes() {
        return IntStream.rangeClosed(1, Fleet.NODES).boxed().toList();
    }

    /** Those that believe they lead, the newest term last. */
    List<Integer> leaders() {
        return nodes().stream()
                .filter(node -> leads(node, Leadership::isLeader))
                .sorted((one, other) -> Long.compare(term(one), term(other)))
                .toList();
    }

    Optional<Integer> readyLeader() {
        return leaders().stream().filter(node -> leads(node, Leadership::ready)).reduce((older, newer) -> newer);
    }

    private boolean leads(int node, Predicate<Leadership> how) {
        return member(node).map(ReplicatedGroup::leadership).filter(how).isPresent();
    }

    private long term(int node) {
        return member(node).map(member -> member.leadership().term()).orElse(0L);
    }

    void set(int from, int to, Faults faults) {
        fleet.set(from, to, id, faults);
    }

    /** All directions between all nodes. */
    void setAll(Faults faults) {
        for (int from : nodes()) {
            for (int to : nodes()) {
                if (from != to) {
                    set(from, to, faults);
                }
            }
        }
    }

    /** Stops a node's member. Its state forgets what it had not made durable; its Raft log is all there. */
    void suspend(int node) throws IOException {
        fleet.host(node).suspend(id);
    }

    void resume(int node) throws IOException {
        fleet.host(node).resume(id);
    }
}

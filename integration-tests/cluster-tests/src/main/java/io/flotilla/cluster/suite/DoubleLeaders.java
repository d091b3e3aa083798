package io.flotilla.cluster.suite;

import io.flotilla.cluster.suite.ElectionLines.Reign;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Judges elections: a group has at most one leader in a term (Raft, election safety), whoever tells of it and when. */
final class DoubleLeaders {
    private DoubleLeaders() {}

    /** How many terms of how many groups had a leader at all. */
    static int terms(Collection<Reign> reigns) {
        return leaders(reigns).size();
    }

    /** A sentence for each term of a group that had two leaders or more; empty if all is well. */
    static List<String> of(Collection<Reign> reigns) {
        return leaders(reigns).entrySet().stream()
                .filter(term -> term.getValue().size() > 1)
                .map(term -> term.getKey() + " had the leaders " + term.getValue())
                .toList();
    }

    private static SortedMap<String, SortedSet<String>> leaders(Collection<Reign> reigns) {
        SortedMap<String, SortedSet<String>> leaders = new TreeMap<>();
        reigns.forEach(reign -> leaders.computeIfAbsent(
                        "group " + reign.group() + " term " + reign.term(), term -> new TreeSet<>())
                .add(reign.leader()));
        return leaders;
    }
}

package io.flotilla.chaos.plant;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Bugs that brokers can be started with, by the numbers of the specification. */
public enum Plant {
    P1("acknowledged before it is committed", List.of("P1-answer")),
    P2("nothing is synced", List.of("P2-raft-log")),
    P3("acknowledged before it is synced, by a switch of the consensus library", List.of("P3-switch")),
    P4("what a producer sends again is stored again", List.of("P4-objection")),
    P5("the newest entry is applied again after a restart", List.of("P5-position")),
    P6("a new leader tells wrong offsets", List.of("P6-answer")),
    P7("a leader that was replaced goes on answering reads", List.of("P7-barrier", "P7-leadership")),
    P8("members of a group begin one record too late", List.of("P8-start")),
    P9("commits of members that are none any more are taken", List.of("P9-fence")),
    P12("stored checksums are not looked at", List.of("P12-scrub")),
    P13("a shortened Raft log is taken as it is", List.of("P13-guard")),
    P14("term and vote are not kept over a crash", List.of("P14-vote")),
    P16("records expire by a clock that jumps", List.of("P16-clock")),
    P17("replicas apply the same entry differently", List.of("P17-stamp")),
    P18("what a full disk has closed stays closed", List.of("P18-reopen")),
    P19("errors of the disk are swallowed", List.of("P19-raft-log")),
    P20("a wiped broker comes back as the voter it was", List.of("P20-identity"));

    private final String meaning;
    private final List<String> needed;

    Plant(String meaning, List<String> needed) {
        this.meaning = meaning;
        this.needed = needed;
    }

    /** What is wrong with such a broker, in a few words. */
    public String meaning() {
        return meaning;
    }

    /** The resource with its rules, beside this class. */
    String script() {
        return name() + ".btm";
    }

    /**
     * Flags of a JVM whose broker has the bug.
     *
     * @param directory of the run: the rules are written there, and their hits; its path must not have a space
     */
    public List<String> jvmFlags(Path directory) {
        return Agent.flags(directory, List.of(script()));
    }

    /**
     * Which of its rules must have been met for the bug to have been there, and were not.
     *
     * @param directory given to {@link #jvmFlags}
     */
    public Set<String> missing(Path directory) throws IOException {
        Set<String> missing = new TreeSet<>(needed);
        missing.removeAll(new Hits(Agent.hits(directory)).all().keySet());
        return missing;
    }
}

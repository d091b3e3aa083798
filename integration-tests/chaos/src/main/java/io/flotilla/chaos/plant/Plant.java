package io.flotilla.chaos.plant;

import static io.flotilla.chaos.check.CheckId.C1;
import static io.flotilla.chaos.check.CheckId.C10;
import static io.flotilla.chaos.check.CheckId.C12;
import static io.flotilla.chaos.check.CheckId.C15;
import static io.flotilla.chaos.check.CheckId.C16;
import static io.flotilla.chaos.check.CheckId.C18;
import static io.flotilla.chaos.check.CheckId.C19;
import static io.flotilla.chaos.check.CheckId.C2;
import static io.flotilla.chaos.check.CheckId.C21;
import static io.flotilla.chaos.check.CheckId.C23;
import static io.flotilla.chaos.check.CheckId.C4;
import static io.flotilla.chaos.check.CheckId.C5;
import static io.flotilla.chaos.check.CheckId.C6;
import static io.flotilla.chaos.check.CheckId.C9;

import io.flotilla.chaos.check.CheckId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Bugs that brokers can be started with, by the numbers of the specification. */
public enum Plant {
    P1("acknowledged before it is committed", List.of("P1-answer"), Set.of(C1)),
    P2("nothing is synced", List.of("P2-raft-log"), Set.of(C1, C18)),
    P3("acknowledged before it is synced, by a switch of the consensus library", List.of("P3-switch"), Set.of(C1, C18)),
    P4("what a producer sends again is stored again", List.of("P4-objection"), Set.of(C4)),
    P5("the newest entry is applied again after a restart", List.of("P5-position"), Set.of(C4, C5, C6, C16)),
    P6("a new leader tells wrong offsets", List.of("P6-answer"), Set.of(C5)),
    P7("a leader that was replaced goes on answering reads", List.of("P7-barrier", "P7-leadership"), Set.of(C10)),
    P8("members of a group begin one record too late", List.of("P8-start"), Set.of(C9, C12)),
    P9("commits of members that are none any more are taken", List.of("P9-fence"), Set.of(C12)),
    P12("stored checksums are not looked at", List.of("P12-scrub"), Set.of(C2, C16)),
    P13("a shortened Raft log is taken as it is", List.of("P13-guard"), Set.of(C1)),
    P14("term and vote are not kept over a crash", List.of("P14-vote"), Set.of(C1, C23)),
    P16("records expire by a clock that jumps", List.of("P16-clock"), Set.of(C15, C19)),
    P17("replicas apply the same entry differently", List.of("P17-stamp"), Set.of(C16)),
    P18("what a full disk has closed stays closed", List.of("P18-reopen"), Set.of(C18)),
    P19("errors of the disk are swallowed", List.of("P19-raft-log"), Set.of(C1, C18, C21)),
    P20("a wiped broker comes back as the voter it was", List.of("P20-identity"), Set.of(C1, C23));

    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // it is a copy
    private final Set<String> needed;

    @SuppressWarnings("ImmutableEnumChecker") // it is a copy
    private final Set<CheckId> caughtBy;

    Plant(String meaning, List<String> needed, Set<CheckId> caughtBy) {
        this.meaning = meaning;
        this.needed = Set.copyOf(needed);
        this.caughtBy = Set.copyOf(caughtBy);
    }

    /** What is wrong with such a broker, in a few words. */
    public String meaning() {
        return meaning;
    }

    /** The checks one of which must find it. */
    public Set<CheckId> caughtBy() {
        return caughtBy;
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

package io.flotilla.chaos.plan;

import static io.flotilla.chaos.fault.FaultId.BIT_ROT;
import static io.flotilla.chaos.fault.FaultId.CLOCK;
import static io.flotilla.chaos.fault.FaultId.FAILPOINT;
import static io.flotilla.chaos.fault.FaultId.FULL_DISK;
import static io.flotilla.chaos.fault.FaultId.IO_ERROR;
import static io.flotilla.chaos.fault.FaultId.KILL;
import static io.flotilla.chaos.fault.FaultId.MEMBERSHIP;
import static io.flotilla.chaos.fault.FaultId.METADATA_LOSS;
import static io.flotilla.chaos.fault.FaultId.NARROW_LINK;
import static io.flotilla.chaos.fault.FaultId.PARTIAL_PARTITION;
import static io.flotilla.chaos.fault.FaultId.PARTITION;
import static io.flotilla.chaos.fault.FaultId.PARTITION_ONE_WAY;
import static io.flotilla.chaos.fault.FaultId.PAUSE;
import static io.flotilla.chaos.fault.FaultId.POWER_LOSS;
import static io.flotilla.chaos.fault.FaultId.READ_ONLY_DISK;
import static io.flotilla.chaos.fault.FaultId.RESET;
import static io.flotilla.chaos.fault.FaultId.ROLLING_RESTART;
import static io.flotilla.chaos.fault.FaultId.SLOW_DISK;
import static io.flotilla.chaos.fault.FaultId.SLOW_LINK;
import static io.flotilla.chaos.fault.FaultId.SWIZZLE;
import static io.flotilla.chaos.fault.FaultId.TERMINATE;
import static io.flotilla.chaos.fault.FaultId.TRANSFER_STORM;
import static io.flotilla.chaos.fault.FaultId.WIPE;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.Target;
import io.flotilla.chaos.fault.Target.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Scripts aimed at classes of bugs that other logs have had, by the numbers of the specification's list. Those that are
 * missing need transactions or compaction (B8, B10), a debugger's view of compaction (B18), or two versions (B25).
 */
@SuppressWarnings("ImmutableEnumChecker") // its collections are unmodifiable, and its story keeps nothing
public enum Scenario {
    B1("acknowledged before a majority has it durably", Set.of(POWER_LOSS), List.of("C1", "C11", "C16"), script -> {
        for (int count = 1; count <= script.brokers(); count++) {
            script.strikeAfter(Trigger.ACK, POWER_LOSS, new Target(Role.ANY, count), 0, 1_000)
                    .thenQuiet();
        }
        script.strikeAfter(Trigger.ACK, POWER_LOSS, Target.of(Role.ALL), 0, 0).thenQuiet();
    }),
    B1_KILL(
            "the same where only processes die",
            Set.of(KILL),
            List.of("C1", "C11", "C16"),
            script -> script.strikeAfter(Trigger.ACK, KILL, Target.of(Role.LEADER), 0, 1_000)
                    .thenQuiet()
                    .strikeAfter(Trigger.ACK, KILL, Target.of(Role.ALL), 0, 1_000)
                    .thenQuiet()
                    .strikeAfter(Trigger.ACK, KILL, Target.of(Role.ALL), 0, 0)
                    .thenQuiet()),
    B2(
            "power loss of one while the others are paused",
            Set.of(PAUSE, POWER_LOSS),
            List.of("C1", "C5", "C16"),
            script -> {
                for (int round = 0; round < 2; round++) {
                    script.strike(PAUSE, new Target(Role.ANY, script.brokers() - 1), 0, 4_000)
                            .strikeAfter(Trigger.NONE, POWER_LOSS, Target.of(Role.ANY), 1_000, 500)
                            .strike(PAUSE, Role.FOLLOWER, 6_000, 5_000)
                            .thenQuiet();
                }
            }),
    B3("a damaged minority comes to lead", Set.of(BIT_ROT, TRANSFER_STORM), List.of("C1", "C2", "C16"), script -> {
        for (Role role : List.of(Role.FOLLOWER, Role.LEADER, Role.FOLLOWER)) {
            script.strike(BIT_ROT, role, 0, 3_000)
                    .strike(TRANSFER_STORM, Role.ANY, 4_000, 8_000)
                    .thenQuiet(20_000);
        }
    }),
    B4("a Raft log that was cut is believed", Set.of(BIT_ROT, KILL), List.of("C1", "C16", "C18"), script -> {
        // One lags, the log of one that does not is cut, and these two are left alone with each other.
        for (String mutation : List.of("truncate", "zero", "delete")) {
            script.strike(KILL, Role.FOLLOWER, 0, 7_000)
                    .strike(BIT_ROT, Target.of(Role.LEADER), 4_000, 12_000, "unit", "replica", "mutations", mutation)
                    .strike(KILL, Role.ANY, 5_000, 8_000)
                    .thenQuiet(20_000);
        }
    }),
    B5("a vote is forgotten", Set.of(KILL, POWER_LOSS), List.of("C1", "C23"), script -> {
        for (int round = 0; round < 3; round++) {
            script.strike(KILL, Role.LEADER, 0, 500)
                    .strikeAfter(Trigger.VOTE, POWER_LOSS, Target.of(Role.ANY), 0, 0)
                    .strike(KILL, Role.LEADER, 2_000, 500)
                    .thenQuiet();
        }
    }),
    B6("a failed sync is swallowed", Set.of(IO_ERROR, KILL), List.of("C1", "C21"), script -> {
        for (String files : List.of("raft-log", "segment", "index-log", "raft-meta")) {
            script.strike(IO_ERROR, Target.of(Role.LEADER), 0, 3_000, "call", "sync", "mode", "once", "files", files)
                    .strike(KILL, Role.ALL, 5_000, 0)
                    .thenQuiet();
        }
    }),
    B7("a retry is stored twice", Set.of(RESET, KILL), List.of("C4", "C5"), script -> {
        for (int round = 0; round < 3; round++) {
            script.strike(RESET, Target.of(Role.LEADER), 0, 6_000, "mode", "reset", "every.ms", "100")
                    .strike(KILL, Role.LEADER, 3_000, 2_000)
                    .thenQuiet();
        }
    }),
    B9(
            "an offset in an answer is not that in the log",
            Set.of(TRANSFER_STORM, KILL),
            List.of("C5", "C1"),
            script -> script.strike(TRANSFER_STORM, Role.ANY, 0, 15_000)
                    .thenQuiet()
                    .strike(TRANSFER_STORM, Role.ANY, 0, 15_000)
                    .strikeAfter(Trigger.LEADER, KILL, Target.of(Role.LEADER), 3_000, 2_000)
                    .thenQuiet()),
    B11("a leader that was paused answers from the past", Set.of(PAUSE), List.of("C10", "C23"), script -> {
        for (long millis : List.of(4_000L, 8_000L, 15_000L)) {
            script.strike(PAUSE, Role.LEADER, 0, millis).thenQuiet();
        }
    }),
    B12(
            "a consumer skips or goes back at a rebalance",
            Set.of(KILL, PAUSE),
            List.of("C9", "C12"),
            script -> script.strike(KILL, Role.COORDINATOR, 0, 3_000)
                    .thenQuiet()
                    .strike(PAUSE, Role.COORDINATOR, 0, 10_000)
                    .thenQuiet()
                    .strike(KILL, Role.COORDINATOR, 0, 0)
                    .strike(KILL, Role.LEADER, 4_000, 0)
                    .thenQuiet()),
    B13("a commit of the past is taken", Set.of(PAUSE), List.of("C12"), script -> script.strike(
                    PAUSE, Role.COORDINATOR, 0, 12_000)
            .thenQuiet(20_000)
            .strike(PAUSE, Role.LEADER, 0, 12_000)
            .thenQuiet(20_000)),
    B14("a hole between snapshot and log", Set.of(KILL), List.of("C1", "C16", "C18"), script -> script.strike(
                    KILL, Role.FOLLOWER, 0, 40_000)
            .thenQuiet(500)
            .strike(KILL, Role.FOLLOWER, 0, 0)
            .thenQuiet(500)
            .strike(KILL, Role.LEADER, 0, 40_000)
            .thenQuiet(2_000)
            .strike(KILL, Role.FOLLOWER, 0, 0)
            .thenQuiet()),
    B15("a new replica counts too early", Set.of(MEMBERSHIP, KILL), List.of("C1", "C18"), script -> {
        for (int round = 0; round < 3; round++) {
            script.strike(MEMBERSHIP, Role.ANY, 0, 15_000)
                    .strike(KILL, Role.LEADER, 5_000 + 3_000L * round, 2_000)
                    .thenQuiet();
        }
    }),
    B16(
            "a buffer is used again while it is read",
            Set.of(SLOW_DISK, TRANSFER_STORM),
            List.of("C2", "C16"),
            script -> script.strike(SLOW_DISK, Target.of(Role.ALL), 0, 20_000, "delay.ms", "100")
                    .strike(TRANSFER_STORM, Role.ANY, 2_000, 15_000)
                    .thenQuiet()),
    B17("a crash between two durable steps", Set.of(FAILPOINT), List.of("C1", "C4", "C6", "C16"), script -> {
        for (int round = 0; round < 8; round++) {
            script.strike(
                            FAILPOINT,
                            Target.of(round % 2 == 0 ? Role.LEADER : Role.FOLLOWER),
                            0,
                            4_000,
                            "action",
                            "halt")
                    .thenQuiet(8_000);
        }
    }),
    B19("a read races a deletion", Set.of(KILL), List.of("C15", "C9"), script -> script.strike(
                    KILL, Role.LEADER, 10_000, 2_000)
            .thenQuiet(20_000)
            .strike(KILL, Role.ALL, 0, 1_000)
            .thenQuiet(20_000)),
    B20("a full disk", Set.of(FULL_DISK), List.of("C1", "C16", "C18"), script -> script.strike(
                    FULL_DISK, Role.LEADER, 0, 30_000)
            .thenQuiet()
            .strike(FULL_DISK, Target.of(Role.ANY), 0, 20_000)
            .strike(FULL_DISK, Target.of(Role.ANY), 2_000, 20_000)
            .thenQuiet()
            .strike(FULL_DISK, Target.of(Role.ALL), 0, 30_000)
            .thenQuiet(20_000)),
    B21(
            "a leader that is heard and hears nobody",
            Set.of(PARTITION_ONE_WAY, PARTIAL_PARTITION),
            List.of("C18", "C23"),
            script -> {
                script.strike(PARTITION_ONE_WAY, Target.of(Role.LEADER), 0, 15_000, "direction", "inbound")
                        .thenQuiet()
                        .strike(PARTITION_ONE_WAY, Target.of(Role.LEADER), 0, 15_000, "direction", "outbound")
                        .thenQuiet()
                        .strike(PARTIAL_PARTITION, Target.of(Role.LEADER), 0, 15_000, "shape", "pair")
                        .thenQuiet();
                if (script.brokers() >= 5) {
                    script.strike(PARTIAL_PARTITION, Target.of(Role.LEADER), 0, 20_000, "shape", "bridge")
                            .thenQuiet()
                            .strike(PARTIAL_PARTITION, Target.of(Role.LEADER), 0, 20_000, "shape", "ring")
                            .thenQuiet();
                }
            }),
    B22("a leader that is slow", Set.of(SLOW_DISK, NARROW_LINK), List.of("C18"), script -> script.strike(
                    SLOW_DISK, Target.of(Role.LEADER), 0, 15_000, "delay.ms", "300")
            .thenQuiet()
            .strike(SLOW_DISK, Target.of(Role.LEADER), 0, 20_000, "delay.ms", "3000")
            .thenQuiet()
            .strike(NARROW_LINK, Target.of(Role.LEADER), 0, 15_000, "kbit", "1000")
            .thenQuiet()),
    B23("clocks jump", Set.of(CLOCK), List.of("C10", "C15", "C19"), script -> {
        for (String by : List.of("3600000", "-3600000", "2592000000", "-2592000000")) {
            script.strike(CLOCK, Target.of(Role.LEADER), 0, 10_000, "mode", "jump", "by.ms", by)
                    .thenQuiet();
        }
        script.strike(CLOCK, Target.of(Role.ALL), 0, 10_000, "mode", "strobe", "period.ms", "200")
                .thenQuiet();
    }),
    B24("a broker that lost everything votes", Set.of(WIPE, KILL), List.of("C1", "C16", "C23"), script -> {
        for (Role role : List.of(Role.FOLLOWER, Role.LEADER, Role.CONTROLLER)) {
            script.strike(WIPE, role, 0, 2_000)
                    .strike(KILL, Role.LEADER, 5_000, 1_000)
                    .thenQuiet(20_000);
        }
    }),
    B26("the metadata has no majority", Set.of(METADATA_LOSS), List.of("C18"), script -> script.strike(
                    METADATA_LOSS, Role.ANY, 0, 60_000)
            .thenQuiet()),
    B27(
            "nothing happens, at a high rate",
            Set.of(),
            List.of("C1", "C4", "C7", "C10", "C16"),
            script -> script.lasting(120_000)),
    DEPOSED_READS(
            "a leader that was replaced without knowing it tells an old end of the log",
            Set.of(SLOW_LINK),
            List.of("C10"),
            script -> {
                for (int round = 0; round < 5; round++) {
                    script.strike(SLOW_LINK, Target.of(Role.LEADER), 0, 9_000, "delay.ms", "3000")
                            .thenQuiet();
                }
            }),
    LATE_REQUESTS(
            "an attempt that was given up arrives late and undoes what others have changed since",
            Set.of(SWIZZLE),
            List.of("C17"),
            script -> {
                for (int round = 0; round < 6; round++) {
                    script.strike(SWIZZLE, Role.ALL, 0, 6_000).thenQuiet();
                }
            }),
    PARTITIONS(
            "a leader that is cut off", Set.of(PARTITION), List.of("C1", "C10", "C11", "C18"), script -> script.strike(
                            PARTITION, Target.of(Role.LEADER), 0, 10_000, "shape", "isolate")
                    .thenQuiet()
                    .strike(PARTITION, Target.of(Role.LEADER), 0, 10_000, "shape", "isolate", "clients", "group")
                    .thenQuiet()),
    REFUSED_ENTRIES(
            "what a follower refused while it started counts as on its way to it for ever",
            Set.of(KILL),
            List.of("C16", "C18"),
            script -> {
                for (int round = 0; round < 8; round++) {
                    script.strike(KILL, Role.FOLLOWER, 0, 500).thenQuiet(4_000);
                }
            }),
    UNKNOWN_LEADER(
            "a follower that was away refuses a leader it has not heard of",
            Set.of(MEMBERSHIP, KILL),
            List.of("C16", "C18"),
            script -> {
                for (int round = 0; round < 4; round++) {
                    script.strike(KILL, Role.FOLLOWER, 0, 8_000) // back before replicas have to move back to it
                            .strike(MEMBERSHIP, Role.ANY, 500, 12_000)
                            .thenQuiet();
                }
            }),
    REOPENED(
            "a replica that stopped on a full disk is open again and catches up no more",
            Set.of(FULL_DISK),
            List.of("C16", "C18"),
            script -> {
                for (int round = 0; round < 6; round++) {
                    script.strike(FULL_DISK, Role.FOLLOWER, 0, 6_000).thenQuiet();
                }
            }),
    TAKEN_OUT(
            "a replica that was taken out while its broker was away stays failed when it is wanted again",
            Set.of(MEMBERSHIP, TERMINATE),
            List.of("C16", "C18"),
            script -> {
                for (int round = 0; round < 5; round++) {
                    script.strike(TERMINATE, Role.FOLLOWER, 0, 8_000)
                            .strike(MEMBERSHIP, Target.of(Role.ANY), 2_500, 3_000, "partitions", "12")
                            .thenQuiet();
                }
            }),
    LOST_THREAD(
            "a leader whose log fails loses the thread that has it step down",
            Set.of(READ_ONLY_DISK),
            List.of("C18", "C21"),
            script -> {
                for (int round = 0; round < 6; round++) {
                    script.strike(READ_ONLY_DISK, Role.LEADER, 0, 5_000).thenQuiet();
                }
            }),
    ENDED_REMOVAL(
            "a replica whose removal the next leader ended cannot become a voter again while that one leads",
            Set.of(MEMBERSHIP, READ_ONLY_DISK),
            List.of("C16", "C18"),
            script -> {
                for (int round = 0; round < 4; round++) {
                    // Voters change while one of them has just ceased to store, so that no change is committed.
                    script.strike(READ_ONLY_DISK, Role.FOLLOWER, 0, 12_000)
                            .strike(MEMBERSHIP, Target.of(Role.ANY), 1_000, 20_000, "partitions", "12")
                            .thenQuiet();
                }
            }),
    ROLLING(
            "restarts one after the other",
            Set.of(ROLLING_RESTART),
            List.of("C1", "C4", "C18"),
            script -> script.strike(ROLLING_RESTART, Role.ALL, 0, 0).thenQuiet());

    private static final double USUAL_RATE = 300;
    private static final double HIGH_RATE = 1_500;

    private final String bug;
    private final Set<FaultId> needs;
    private final List<String> checks;
    private final Consumer<Script> story;

    Scenario(String bug, Set<FaultId> needs, List<String> checks, Consumer<Script> story) {
        this.bug = bug;
        this.needs = needs.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(needs));
        this.checks = List.copyOf(checks);
        this.story = story;
    }

    /** What it is after, in a few words. */
    public String bug() {
        return bug;
    }

    /** Kinds of faults that a backend must have. */
    public Set<FaultId> needs() {
        return needs;
    }

    /** The names of the checks that are to find the bug. */
    public List<String> checks() {
        return checks;
    }

    /**
     * @return the same for the same arguments
     * @throws IllegalStateException if the cluster is too small for what the scenario destroys
     */
    public Plan plan(long seed, int brokers) {
        Script script = new Script(name(), seed, brokers);
        story.accept(script);
        return script.plan();
    }

    /** Records per second that suit it. */
    public double recordsPerSecond() {
        return switch (this) {
            case B14, B16, B27, REFUSED_ENTRIES, REOPENED, LOST_THREAD -> HIGH_RATE;
            default -> USUAL_RATE;
        };
    }

    /** Settings of brokers that it needs, by their names. */
    public Map<String, String> overrides() {
        // A broker that was away is to find that the others have purged what it lacks.
        return this == B14 ? Map.of("raft.log.kept.bytes.max", "0") : Map.of();
    }

    /** Those that are possible with these kinds of faults. */
    public static List<Scenario> possibleWith(Set<FaultId> faults) {
        List<Scenario> possible = new ArrayList<>();
        for (Scenario scenario : values()) {
            if (faults.containsAll(scenario.needs)) {
                possible.add(scenario);
            }
        }
        return possible;
    }
}

package io.flotilla.raftlog.raft;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How this process takes part in its Raft groups. {@link #in} gives the defaults; the {@code with} methods change one
 * value each.
 *
 * @param directory               holds one folder per group, named by its id
 * @param bindHost                address the Raft port listens on
 * @param advertisedHost          address other peers reach it by
 * @param port                    0 to 65535; 0 takes any free port, see {@link RaftHost}'s implementation for the one taken
 * @param electionTimeoutMin      a follower that hears nothing for at least this long stands for election; heartbeats
 *                                go out twice as often
 * @param electionTimeoutMax      upper end of the random timeout; also how long a leader cut off from the majority
 *                                still believes in itself
 * @param firstElectionTimeoutMin as {@code electionTimeoutMin}, until the first leader since the member's start is known
 * @param firstElectionTimeoutMax as {@code electionTimeoutMax}, until the first leader since the member's start is known
 * @param entryBytesMax           largest entry a proposer may hand over
 * @param segmentBytes            size at which a file of the Raft log is closed; the whole open file is held on the heap
 * @param checkpointInterval      longest time that applied entries stay without a checkpoint
 * @param checkpointBytes         applied bytes that bring the next checkpoint forward
 * @param pendingEntriesMax       proposals of one group in flight; more fail as overloaded
 * @param pendingBytesMax         their bytes, in whole MiB
 * @param proposalTimeout         time after which the outcome of a proposal or read barrier is called unknown
 * @param workThreads             threads that open groups, take checkpoints and stop failed members
 * @param closeTimeout            time {@link RaftHost#close} and {@link RaftHost#remove} wait for the groups to stop
 * @param libraryProperties       properties handed to the consensus library last, for experiments; those that would
 *                                break durability are refused
 */
public record RaftSettings(
        Path directory,
        String bindHost,
        String advertisedHost,
        int port,
        Duration electionTimeoutMin,
        Duration electionTimeoutMax,
        Duration firstElectionTimeoutMin,
        Duration firstElectionTimeoutMax,
        int entryBytesMax,
        int segmentBytes,
        Duration checkpointInterval,
        long checkpointBytes,
        int pendingEntriesMax,
        long pendingBytesMax,
        Duration proposalTimeout,
        int workThreads,
        Duration closeTimeout,
        Map<String, String> libraryProperties) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    public static final Duration ELECTION_TIMEOUT_MIN_DEFAULT = Duration.ofSeconds(1);
    public static final Duration ELECTION_TIMEOUT_MAX_DEFAULT = Duration.ofSeconds(2);
    /** Short, so that a new group and a cluster of one broker serve at once; pre-votes make an early try harmless. */
    public static final Duration FIRST_ELECTION_TIMEOUT_MIN_DEFAULT = Duration.ofMillis(150);

    public static final Duration FIRST_ELECTION_TIMEOUT_MAX_DEFAULT = Duration.ofMillis(500);
    /** One batch of 1 MiB, or many small ones, and what surrounds them. */
    public static final int ENTRY_BYTES_MAX_DEFAULT = MIB + 64 * KIB;

    public static final int SEGMENT_BYTES_DEFAULT = 8 * MIB;
    public static final Duration CHECKPOINT_INTERVAL_DEFAULT = Duration.ofSeconds(30);
    public static final long CHECKPOINT_BYTES_DEFAULT = 16 * MIB;
    public static final int PENDING_ENTRIES_MAX_DEFAULT = 1024;
    public static final long PENDING_BYTES_MAX_DEFAULT = 16 * MIB;
    public static final Duration PROPOSAL_TIMEOUT_DEFAULT = Duration.ofSeconds(10);
    public static final int WORK_THREADS_DEFAULT = 4;
    public static final Duration CLOSE_TIMEOUT_DEFAULT = Duration.ofSeconds(30);

    public RaftSettings {
        libraryProperties = Map.copyOf(libraryProperties);
        require(port >= 0 && port <= 65535, "port", port, "0 to 65535");
        requireRange("electionTimeout", electionTimeoutMin, electionTimeoutMax);
        requireRange("firstElectionTimeout", firstElectionTimeoutMin, firstElectionTimeoutMax);
        require(entryBytesMax >= KIB && entryBytesMax <= 64 * MIB, "entryBytesMax", entryBytesMax, "1 KiB to 64 MiB");
        require(segmentBytes >= 64 * KIB, "segmentBytes", segmentBytes, "64 KiB or more");
        require(checkpointInterval.toMillis() >= 1, "checkpointInterval", checkpointInterval, "1 ms or more");
        require(checkpointBytes >= 1, "checkpointBytes", checkpointBytes, "1 or more");
        require(pendingEntriesMax >= 1, "pendingEntriesMax", pendingEntriesMax, "1 or more");
        require(
                pendingBytesMax >= MIB && pendingBytesMax >= entryBytesMax,
                "pendingBytesMax",
                pendingBytesMax,
                "1 MiB or more and no less than entryBytesMax");
        require(proposalTimeout.toMillis() >= 1, "proposalTimeout", proposalTimeout, "1 ms or more");
        require(workThreads >= 1, "workThreads", workThreads, "1 or more");
        require(closeTimeout.toMillis() >= 1, "closeTimeout", closeTimeout, "1 ms or more");
    }

    /** The defaults: the loopback address and any free port. */
    public static RaftSettings in(Path directory) {
        return new RaftSettings(
                directory,
                "127.0.0.1",
                "127.0.0.1",
                0,
                ELECTION_TIMEOUT_MIN_DEFAULT,
                ELECTION_TIMEOUT_MAX_DEFAULT,
                FIRST_ELECTION_TIMEOUT_MIN_DEFAULT,
                FIRST_ELECTION_TIMEOUT_MAX_DEFAULT,
                ENTRY_BYTES_MAX_DEFAULT,
                SEGMENT_BYTES_DEFAULT,
                CHECKPOINT_INTERVAL_DEFAULT,
                CHECKPOINT_BYTES_DEFAULT,
                PENDING_ENTRIES_MAX_DEFAULT,
                PENDING_BYTES_MAX_DEFAULT,
                PROPOSAL_TIMEOUT_DEFAULT,
                WORK_THREADS_DEFAULT,
                CLOSE_TIMEOUT_DEFAULT,
                Map.of());
    }

    public RaftSettings withAddress(String bindHost, String advertisedHost, int port) {
        return new RaftSettings(
                directory,
                bindHost,
                advertisedHost,
                port,
                electionTimeoutMin,
                electionTimeoutMax,
                firstElectionTimeoutMin,
                firstElectionTimeoutMax,
                entryBytesMax,
                segmentBytes,
                checkpointInterval,
                checkpointBytes,
                pendingEntriesMax,
                pendingBytesMax,
                proposalTimeout,
                workThreads,
                closeTimeout,
                libraryProperties);
    }

    public RaftSettings withElectionTimeout(Duration electionTimeoutMin, Duration electionTimeoutMax) {
        return new RaftSettings(
                directory,
                bindHost,
                advertisedHost,
                port,
                electionTimeoutMin,
                electionTimeoutMax,
                firstElectionTimeoutMin,
                firstElectionTimeoutMax,
                entryBytesMax,
                segmentBytes,
                checkpointInterval,
                checkpointBytes,
                pendingEntriesMax,
                pendingBytesMax,
                proposalTimeout,
                workThreads,
                closeTimeout,
                libraryProperties);
    }

    public RaftSettings withFirstElectionTimeout(Duration firstElectionTimeoutMin, Duration firstElectionTimeoutMax) {
        return new RaftSettings(
                directory,
                bindHost,
                advertisedHost,
                port,
                electionTimeoutMin,
                electionTimeoutMax,
                firstElectionTimeoutMin,
                firstElectionTimeoutMax,
                entryBytesMax,
                segmentBytes,
                checkpointInterval,
                checkpointBytes,
                pendingEntriesMax,
                pendingBytesMax,
                proposalTimeout,
                workThreads,
                closeTimeout,
                libraryProperties);
    }

    public RaftSettings withEntryBytesMax(int entryBytesMax) {
        return new RaftSettings(
                directory,
                bindHost,
                advertisedHost,
                port,
                electionTimeoutMin,
                electionTimeoutMax,
                firstElectionTimeoutMin,
                firstElectionTimeoutMax,
                entryBytesMax,
                segmentBytes,
                checkpointInterval,
                checkpointBytes,
                pendingEntriesMax,
                pendingBytesMax,
                proposalTimeout,
                workThreads,
                closeTimeout,
                libraryProperties);
    }

    public RaftSettings withSegmentBytes(int segmentBytes) {
        return new RaftSettings(
                directory,
                bindHost,
                advertisedHost,
                port,
                electionTimeoutMin,
                electionTimeoutMax,
                firstElectionTimeoutMin,
                firstElectionTimeoutMax,
                entryBytesMax,
                segmentBytes,
                checkpointInterval,
                checkpointBytes,
                pendingEntriesMax,
                pendingBytesMax,
                proposalTimeout,
                workThreads,
                closeTimeout,
                libraryProperties);
    }

    public RaftSettings withCheckpoints(Duration checkpointInterval, long checkpointBytes) {
        return new RaftSettings(
                directory,
                bindHost,
                advertisedHost,
                port,
                electionTimeoutMin,
                electionTimeoutMax,
                firstElectionTimeoutMin,
                firstElectionTimeoutMax,
                entryBytesMax,
                segmentBytes,
                checkpointInterval,
                checkpointBytes,
                pendingEntriesMax,
                pendingBytesMax,
                proposalTimeout,
                workThreads,
                closeTimeout,
                libraryProperties);
    }

    public RaftSettings withPending(int pendingEntriesMax, long pendingBytesMax) {
        return new RaftSettings(
                directory,
                bindHost,
                advertisedHost,
                port,
                electionTimeoutMin,
                electionTimeoutMax,
                firstElectionTimeoutMin,
                firstElectionTimeoutMax,
                entryBytesMax,
                segmentBytes,
                checkpointInterval,
                checkpointBytes,
                pendingEntriesMax,
                pendingBytesMax,
                proposalTimeout,
                workThreads,
                closeTimeout,
                libraryProperties);
    }

    public RaftSettings withProposalTimeout(Duration proposalTimeout) {
        return new RaftSettings(
                directory,
                bindHost,
                advertisedHost,
                port,
                electionTimeoutMin,
                electionTimeoutMax,
                firstElectionTimeoutMin,
                firstElectionTimeoutMax,
                entryBytesMax,
                segmentBytes,
                checkpointInterval,
                checkpointBytes,
                pendingEntriesMax,
                pendingBytesMax,
                proposalTimeout,
                workThreads,
                closeTimeout,
                libraryProperties);
    }

    public RaftSettings withWorkThreads(int workThreads) {
        return new RaftSettings(
                directory,
                bindHost,
                advertisedHost,
                port,
                electionTimeoutMin,
                electionTimeoutMax,
                firstElectionTimeoutMin,
                firstElectionTimeoutMax,
                entryBytesMax,
                segmentBytes,
                checkpointInterval,
                checkpointBytes,
                pendingEntriesMax,
                pendingBytesMax,
                proposalTimeout,
                workThreads,
                closeTimeout,
                libraryProperties);
    }

    public RaftSettings withCloseTimeout(Duration closeTimeout) {
        return new RaftSettings(
                directory,
                bindHost,
                advertisedHost,
                port,
                electionTimeoutMin,
                electionTimeoutMax,
                firstElectionTimeoutMin,
                firstElectionTimeoutMax,
                entryBytesMax,
                segmentBytes,
                checkpointInterval,
                checkpointBytes,
                pendingEntriesMax,
                pendingBytesMax,
                proposalTimeout,
                workThreads,
                closeTimeout,
                libraryProperties);
    }

    public RaftSettings withLibraryProperties(Map<String, String> libraryProperties) {
        return new RaftSettings(
                directory,
                bindHost,
                advertisedHost,
                port,
                electionTimeoutMin,
                electionTimeoutMax,
                firstElectionTimeoutMin,
                firstElectionTimeoutMax,
                entryBytesMax,
                segmentBytes,
                checkpointInterval,
                checkpointBytes,
                pendingEntriesMax,
                pendingBytesMax,
                proposalTimeout,
                workThreads,
                closeTimeout,
                libraryProperties);
    }

    private static void requireRange(String name, Duration min, Duration max) {
        require(min.toMillis() >= 10, name + "Min", min, "10 ms or more");
        require(max.compareTo(min) > 0, name + "Max", max, "more than " + name + "Min " + min);
    }

    private static void require(boolean valid, String name, Object value, String allowed) {
        if (!valid) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: " + allowed);
        }
    }
}

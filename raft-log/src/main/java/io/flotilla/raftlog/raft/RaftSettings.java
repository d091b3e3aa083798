package io.flotilla.raftlog.raft;

import io.flotilla.raftlog.link.LinkWatch;
import io.flotilla.raftlog.raft.tls.TlsFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How this process takes part in its Raft groups. {@link #in} gives the defaults, the {@code with} methods change one
 * part each.
 *
 * @param directory         holds one folder per group, named by its id
 * @param libraryProperties properties handed to the consensus library last, for experiments; those that would break
 *                          durability are refused
 */
public record RaftSettings(
        Path directory,
        Address address,
        Elections elections,
        Log log,
        Proposals proposals,
        Checkpoints checkpoints,
        Work work,
        Transport transport,
        Map<String, String> libraryProperties) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    public RaftSettings {
        libraryProperties = Map.copyOf(libraryProperties);
        require(
                proposals.pendingBytesMax() >= log.entryBytesMax(),
                "pendingBytesMax",
                proposals.pendingBytesMax(),
                "no less than entryBytesMax " + log.entryBytesMax());
    }

    /** All defaults. */
    public static RaftSettings in(Path directory) {
        return new RaftSettings(
                directory,
                Address.DEFAULT,
                Elections.DEFAULT,
                Log.DEFAULT,
                Proposals.DEFAULT,
                Checkpoints.DEFAULT,
                Work.DEFAULT,
                Transport.DEFAULT,
                Map.of());
    }

    public RaftSettings withAddress(String bindHost, String advertisedHost, int port) {
        Address changed = new Address(bindHost, advertisedHost, port);
        return new RaftSettings(
                directory, changed, elections, log, proposals, checkpoints, work, transport, libraryProperties);
    }

    /** Changes the timeouts of elections after the first. */
    public RaftSettings withElectionTimeout(Duration min, Duration max) {
        Elections changed = new Elections(min, max, elections.firstTimeoutMin(), elections.firstTimeoutMax());
        return withElections(changed);
    }

    public RaftSettings withElections(Elections changed) {
        return new RaftSettings(
                directory, address, changed, log, proposals, checkpoints, work, transport, libraryProperties);
    }

    public RaftSettings withLog(Log changed) {
        return new RaftSettings(
                directory, address, elections, changed, proposals, checkpoints, work, transport, libraryProperties);
    }

    public RaftSettings withProposals(Proposals changed) {
        return new RaftSettings(
                directory, address, elections, log, changed, checkpoints, work, transport, libraryProperties);
    }

    public RaftSettings withCheckpoints(Duration interval, long bytes) {
        Checkpoints changed = new Checkpoints(interval, bytes);
        return new RaftSettings(
                directory, address, elections, log, proposals, changed, work, transport, libraryProperties);
    }

    public RaftSettings withWork(int threads, Duration closeTimeout) {
        Work changed = new Work(threads, closeTimeout);
        return new RaftSettings(
                directory, address, elections, log, proposals, checkpoints, changed, transport, libraryProperties);
    }

    public RaftSettings withTransport(Transport changed) {
        return new RaftSettings(
                directory, address, elections, log, proposals, checkpoints, work, changed, libraryProperties);
    }

    public RaftSettings withLibraryProperties(Map<String, String> changed) {
        return new RaftSettings(directory, address, elections, log, proposals, checkpoints, work, transport, changed);
    }

    /**
     * Where the one port of all groups is.
     *
     * @param bindHost       address listened on
     * @param advertisedHost address by which other peers reach it
     * @param port           0 to 65535; 0 takes any free port
     */
    public record Address(String bindHost, String advertisedHost, int port) {
        public static final Address DEFAULT = new Address("127.0.0.1", "127.0.0.1", 0);

        public Address {
            require(port >= 0 && port <= 65535, "port", port, "0 to 65535");
        }
    }

    /**
     * When a member stands for election. Each wait is drawn anew from the range.
     *
     * @param timeoutMin      a follower that hears nothing for at least this long stands for election; heartbeats go
     *                        out twice as often
     * @param timeoutMax      also how long a leader cut off from the majority still believes in itself
     * @param firstTimeoutMin in place of {@code timeoutMin} until a member has seen its first leader: short, so that a
     *                        new group serves at once; a live leader's followers refuse the early candidate. Not while
     *                        more than {@link #FIRST_TIMEOUT_GROUPS_MAX} members of a host wait for their first leader
     * @param firstTimeoutMax in place of {@code timeoutMax} likewise
     */
    public record Elections(
            Duration timeoutMin, Duration timeoutMax, Duration firstTimeoutMin, Duration firstTimeoutMax) {
        /**
         * More members that wait at once would mostly stand for election before anyone can win: each such election is
         * refused, but costs every broker a thread and a call for each peer.
         */
        public static final int FIRST_TIMEOUT_GROUPS_MAX = 32;

        public static final Elections DEFAULT = new Elections(
                Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMillis(150), Duration.ofMillis(500));
        /** For brokers with more than 200 groups: fewer heartbeats for a slower fail-over. */
        public static final Elections MANY_GROUPS = new Elections(
                Duration.ofSeconds(3), Duration.ofSeconds(6), Duration.ofMillis(500), Duration.ofSeconds(4));

        public Elections {
            requireRange("electionTimeout", timeoutMin, timeoutMax);
            requireRange("firstElectionTimeout", firstTimeoutMin, firstTimeoutMax);
        }

        private static void requireRange(String name, Duration min, Duration max) {
            require(min.toMillis() >= 10, name + "Min", min, "10 ms or more");
            require(max.compareTo(min) > 0, name + "Max", max, "more than " + name + "Min " + min);
        }
    }

    /**
     * The Raft log's entries and files.
     *
     * @param entryBytesMax largest entry a proposer may hand over; by default a batch of 1 MiB and what surrounds it.
     *                      Never lower it over existing logs: the library takes a larger entry for a torn write and
     *                      ends the log before it
     * @param segmentBytes  size at which a file of the log is closed; the open file's entries are all on the heap
     * @param keptForPeersBytesMax bytes of closed files that a group keeps for peers that lag or are away; a peer that
     *                      lacks more catches up by files. 0 keeps none
     */
    public record Log(int entryBytesMax, int segmentBytes, long keptForPeersBytesMax) {
        public static final Log DEFAULT = new Log(MIB + 64 * KIB, 8 * MIB, 64L * MIB);

        public Log {
            require(
                    entryBytesMax >= KIB && entryBytesMax <= 64 * MIB,
                    "entryBytesMax",
                    entryBytesMax,
                    "1 KiB to 64 MiB");
            require(segmentBytes >= 64 * KIB, "segmentBytes", segmentBytes, "64 KiB or more");
            require(keptForPeersBytesMax >= 0, "keptForPeersBytesMax", keptForPeersBytesMax, "0 or more");
        }

        public Log withKeptForPeersBytesMax(long value) {
            return new Log(entryBytesMax, segmentBytes, value);
        }
    }

    /**
     * What may be in flight.
     *
     * @param pendingMax      proposals of one group in flight; more fail as overloaded
     * @param pendingBytesMax their bytes, counted in whole MiB
     * @param timeout         after this the outcome of a proposal, barrier or hand-over is called unknown
     */
    public record Proposals(int pendingMax, long pendingBytesMax, Duration timeout) {
        public static final Proposals DEFAULT = new Proposals(1024, 16 * MIB, Duration.ofSeconds(10));

        public Proposals {
            require(pendingMax >= 1, "pendingMax", pendingMax, "1 or more");
            require(pendingBytesMax >= MIB, "pendingBytesMax", pendingBytesMax, "1 MiB or more");
            requireSome("proposalTimeout", timeout);
        }
    }

    /**
     * When a member asks its state for a checkpoint.
     *
     * @param interval longest time that applied entries go without one
     * @param bytes    applied bytes that bring the next one forward
     */
    public record Checkpoints(Duration interval, long bytes) {
        public static final Checkpoints DEFAULT = new Checkpoints(Duration.ofSeconds(30), 16 * MIB);

        public Checkpoints {
            requireSome("checkpointInterval", interval);
            require(bytes >= 1, "checkpointBytes", bytes, "1 or more");
        }
    }

    /**
     * What the host itself does.
     *
     * @param threads      that open groups, take checkpoints and stop failed members
     * @param closeTimeout time {@link RaftHost#close} and {@link RaftHost#remove} wait for members to stop
     */
    public record Work(int threads, Duration closeTimeout) {
        public static final Work DEFAULT = new Work(4, Duration.ofSeconds(30));

        public Work {
            require(threads >= 1, "workThreads", threads, "1 or more");
            requireSome("closeTimeout", closeTimeout);
        }
    }

    /**
     * How members of different hosts talk to each other. All hosts of a cluster take the same kind.
     *
     * @param kind                  whose code carries messages
     * @param realm                 names the cluster; a host of another realm is refused. At most 255 bytes of UTF-8.
     *                              Heeded by {@link Kind#NETTY} only, like all that follows
     * @param appendsInFlightMax    requests with entries on their way to one follower of one group
     * @param appendBytesInFlightMax their bytes; one request may exceed it alone
     * @param peerBytesInFlightMax  the same over all groups, for each peer; groups take turns
     * @param silenceMax            a connection that brings nothing for this long is broken; asked for a sign of life
     *                              before
     * @param threads               that send entries, as many that take them in
     * @param tls                   by what hosts prove to each other who they are, and encrypt what they say; empty for
     *                              neither
     * @param links                 told of each connection, for tests that break them; {@link LinkWatch#NONE} costs nothing
     */
    public record Transport(
            Kind kind,
            String realm,
            int appendsInFlightMax,
            int appendBytesInFlightMax,
            int peerBytesInFlightMax,
            Duration silenceMax,
            int threads,
            Optional<TlsFiles> tls,
            LinkWatch links) {
        private static final int REALM_BYTES_MAX = 255;

        public static final Transport DEFAULT = new Transport(
                Kind.NETTY, "", 8, 4 * MIB, 16 * MIB, Duration.ofSeconds(3), 2, Optional.empty(), LinkWatch.NONE);

        /** Whose code carries messages. */
        public enum Kind {
            /** That of the consensus library. */
            GRPC,
            /** Ours. */
            NETTY
        }

        public Transport {
            int realmBytes = realm.getBytes(StandardCharsets.UTF_8).length;
            require(realmBytes <= REALM_BYTES_MAX, "realm", realm, "at most " + REALM_BYTES_MAX + " bytes");
            require(appendsInFlightMax >= 1, "appendsInFlightMax", appendsInFlightMax, "1 or more");
            require(appendBytesInFlightMax >= 1, "appendBytesInFlightMax", appendBytesInFlightMax, "1 or more");
            require(
                    peerBytesInFlightMax >= appendBytesInFlightMax,
                    "peerBytesInFlightMax",
                    peerBytesInFlightMax,
                    "no less than appendBytesInFlightMax " + appendBytesInFlightMax);
            requireSome("silenceMax", silenceMax);
            require(threads >= 1, "transportThreads", threads, "1 or more");
            require(tls.isEmpty() || kind == Kind.NETTY, "kind", kind, "NETTY, since tls is given");
        }

        public Transport withKind(Kind changed) {
            return new Transport(
                    changed,
                    realm,
                    appendsInFlightMax,
                    appendBytesInFlightMax,
                    peerBytesInFlightMax,
                    silenceMax,
                    threads,
                    tls,
                    links);
        }

        public Transport withRealm(String changed) {
            return new Transport(
                    kind,
                    changed,
                    appendsInFlightMax,
                    appendBytesInFlightMax,
                    peerBytesInFlightMax,
                    silenceMax,
                    threads,
                    tls,
                    links);
        }

        public Transport withTls(TlsFiles changed) {
            return new Transport(
                    kind,
                    realm,
                    appendsInFlightMax,
                    appendBytesInFlightMax,
                    peerBytesInFlightMax,
                    silenceMax,
                    threads,
                    Optional.of(changed),
                    links);
        }

        public Transport withLinks(LinkWatch changed) {
            return new Transport(
                    kind,
                    realm,
                    appendsInFlightMax,
                    appendBytesInFlightMax,
                    peerBytesInFlightMax,
                    silenceMax,
                    threads,
                    tls,
                    changed);
        }
    }

    private static void requireSome(String name, Duration value) {
        require(value.toMillis() >= 1, name, value, "1 ms or more");
    }

    private static void require(boolean valid, String name, Object value, String allowed) {
        if (!valid) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: " + allowed);
        }
    }
}

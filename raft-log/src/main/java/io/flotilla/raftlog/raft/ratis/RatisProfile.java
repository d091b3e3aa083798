package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.RaftSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.LeaderElection;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Notification;
import org.apache.ratis.server.RaftServerConfigKeys.Read;
import org.apache.ratis.server.RaftServerConfigKeys.RetryCache;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.server.RaftServerConfigKeys.ThreadPool;
import org.apache.ratis.server.RaftServerConfigKeys.Write;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** The configuration of Ratis for our settings: every value that differs from its default, with the reason. */
final class RatisProfile {
    /** What Ratis adds to an entry of ours: term, index, client and call id, lengths; under 100 bytes today. */
    static final int ENVELOPE_BYTES = 1024;

    /** The log's write buffer holds one entry and its length and checksum. */
    private static final int WRITE_BUFFER_EXTRA_BYTES = 8;

    private static final SizeInBytes PREALLOCATED_BYTES = SizeInBytes.valueOf("128KB");
    private static final SizeInBytes CLOSED_SEGMENTS_CACHE_BYTES = SizeInBytes.valueOf("4MB");
    private static final int CLOSED_SEGMENTS_CACHED = 2;
    private static final int ENTRIES_PER_SYNC_MAX = 128;
    private static final int STAGING_GAP_ENTRIES = 64;

    /** A new voter that is silent for this long is given up: it asks again when it is back. */
    private static final Duration STAGING_SILENCE_MAX = Duration.ofSeconds(20);

    private static final int STOPPING_THREADS_MAX = 64;
    private static final TimeDuration REQUEST_TIMEOUT = TimeDuration.valueOf(10, TimeUnit.SECONDS);

    private static final Duration PAUSE_MAX = Duration.ofDays(7);
    private static final double LEASE_PART_MAX = 0.3;
    private static final Duration LEASE_MAX = Duration.ofMillis(300);

    /** Tries to reach a silent peer that come before those at the pace of elections: ten at once, then for 4 s. */
    private static final String FIRST_RETRIES = "10ms,10, 200ms,20, ";

    /** Values that acknowledge what is not durable. Ratis offers them; we never take them. */
    private static final Map<String, Boolean> REQUIRED = Map.of(
            Log.ASYNC_FLUSH_ENABLED_KEY, false,
            Log.UNSAFE_FLUSH_ENABLED_KEY, false,
            Log.USE_MEMORY_KEY, false,
            Log.APPEND_ENTRIES_COMPOSE_ENABLED_KEY, true,
            Log.StateMachineData.SYNC_KEY, true,
            LeaderElection.PRE_VOTE_KEY, true,
            Log.Appender.INSTALL_SNAPSHOT_ENABLED_KEY, false);

    private RatisProfile() {}

    /**
     * @throws IllegalArgumentException if the settings ask for something that could lose acknowledged entries
     */
    static RaftProperties of(RaftSettings settings) {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(
                properties, List.of(settings.directory().toFile()));
        elections(properties, settings);
        log(properties, settings);
        snapshots(properties);
        requests(properties, settings);
        threads(properties);
        settings.libraryProperties().forEach(properties::set);
        refuseUnsafe(properties);
        return properties;
    }

    private static void elections(RaftProperties properties, RaftSettings settings) {
        Rpc.setTimeoutMin(properties, time(settings.elections().timeoutMin()));
        Rpc.setTimeoutMax(properties, time(settings.elections().timeoutMax()));
        Rpc.setFirstElectionTimeoutMin(properties, time(settings.elections().firstTimeoutMin()));
        Rpc.setFirstElectionTimeoutMax(properties, time(settings.elections().firstTimeoutMax()));
        Rpc.setRequestTimeout(properties, REQUEST_TIMEOUT);
        // The leader lease is only safe while a vote cannot skip over a live leader.
        LeaderElection.setPreVote(properties, true);
        // The default of 10 s keeps a node that lost its majority out of elections long after the network is back.
        LeaderElection.setLeaderStepDownWaitTime(
                properties, time(settings.elections().timeoutMax()));
        // Ratis would close all groups after a pause of a minute. A pause costs leadership, as above, but no safety:
        // the
        // lease is measured by a clock that runs on. So a machine that slept may simply go on.
        RaftServerConfigKeys.setCloseThreshold(properties, time(PAUSE_MAX));
        Notification.setNoLeaderTimeout(properties, time(STAGING_SILENCE_MAX));
        // Counts entries: the default of 1000 could be 1 GiB of ours.
        RaftServerConfigKeys.setStagingCatchupGap(properties, STAGING_GAP_ENTRIES);
        RaftServerConfigKeys.setStagingTimeout(properties, time(STAGING_SILENCE_MAX));
        Read.setOption(properties, Read.Option.LINEARIZABLE);
        // A read barrier on a leader with a lease costs no round trip.
        Read.setLeaderLeaseEnabled(properties, true);
        Read.setLeaderLeaseTimeoutRatio(
                properties, leasePart(settings.elections().timeoutMin()));
    }

    /**
     * Part of the shortest election timeout for which a leader trusts the last answers of a majority. An election that does
     * not wait for the timeout, since all have lost the leader, waits as long. A leader that is asked less often than that
     * confirms a read barrier by one round of heartbeats.
     */
    private static double leasePart(Duration timeoutMin) {
        return Math.min(LEASE_PART_MAX, (double) LEASE_MAX.toMillis() / timeoutMin.toMillis());
    }

    private static void log(RaftProperties properties, RaftSettings settings) {
        int appendBytes = appendBytesMax(settings);
        // Largest entry and largest batch sent to a follower in one.
        Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf(appendBytes));
        // Direct memory, taken at once for each group: the default of 8 MB is 8 GB for 1000 groups.
        Log.setWriteBufferSize(properties, SizeInBytes.valueOf(appendBytes + WRITE_BUFFER_EXTRA_BYTES));
        Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(settings.log().segmentBytes()));
        // Written as zeros at each roll and each restart.
        Log.setPreallocatedSize(properties, PREALLOCATED_BYTES);
        Log.setSegmentCacheNumMax(properties, CLOSED_SEGMENTS_CACHED);
        Log.setSegmentCacheSizeMax(properties, CLOSED_SEGMENTS_CACHE_BYTES);
        Log.setForceSyncNum(properties, ENTRIES_PER_SYNC_MAX);
        // Both acknowledge entries that no disk holds.
        Log.setAsyncFlushEnabled(properties, false);
        Log.setUnsafeFlushEnabled(properties, false);
        // Without it a follower whose write failed still acknowledges later entries.
        Log.setAppendEntriesComposeEnabled(properties, true);
        // Would add an entry of its own for each advance of the commit index.
        Log.setLogMetadataEnabled(properties, false);
        // A write torn by a crash ends the log; ShortenedLogGuard tells that from lost entries.
        Log.setCorruptionPolicy(properties, Log.CorruptionPolicy.WARN_AND_RETURN);
        Log.StateMachineData.setSync(properties, true);
        Log.StateMachineData.setCachingEnabled(properties, true);
        // The queue blocks under the group's lock when full: never smaller than what may be pending.
        Log.setQueueElementLimit(properties, settings.proposals().pendingMax());
        Log.setQueueByteLimit(
                properties, SizeInBytes.valueOf(settings.proposals().pendingBytesMax()));
        // We decide what is purged; Ratis shall not wait for more of it.
        Log.setPurgeGap(properties, 1);
        Log.Appender.setWaitTimeMin(properties, time(Duration.ZERO));
        // By default a leader tries a peer that was away only every 5 s, and the sleep cannot be cut short.
        Log.Appender.setRetryPolicy(
                properties, FIRST_RETRIES + settings.elections().timeoutMin().toMillis() + "ms," + Integer.MAX_VALUE);
    }

    private static void snapshots(RaftProperties properties) {
        // Not for snapshots: asked for one behind every entry, the state machine lets an idle updater rest.
        Snapshot.setAutoTriggerEnabled(properties, true);
        Snapshot.setAutoTriggerThreshold(properties, 0);
        Snapshot.setTriggerWhenStopEnabled(properties, false);
        Snapshot.setTriggerWhenRemoveEnabled(properties, false);
        Log.Appender.setInstallSnapshotEnabled(properties, false);
    }

    private static void requests(RaftProperties properties, RaftSettings settings) {
        Write.setElementLimit(properties, settings.proposals().pendingMax());
        Write.setByteLimit(properties, SizeInBytes.valueOf(settings.proposals().pendingBytesMax()));
        // Keeps every reply on every member this long, and we never ask for one again.
        RetryCache.setExpiryTime(properties, time(Duration.ofSeconds(2)));
    }

    private static void threads(RaftProperties properties) {
        // A cached pool with a size never grows past one thread. We add groups one by one, so this pool only stops
        // them,
        // and each stop sleeps for up to a second.
        ThreadPool.setProxyCached(properties, false);
        ThreadPool.setProxySize(properties, STOPPING_THREADS_MAX);
        ThreadPool.setServerCached(properties, true);
        ThreadPool.setServerSize(properties, 0);
        ThreadPool.setClientCached(properties, true);
        ThreadPool.setClientSize(properties, 0);
    }

    private static void refuseUnsafe(RaftProperties properties) {
        REQUIRED.forEach((key, required) -> {
            Boolean value = properties.getBoolean(key, required);
            if (!value.equals(required)) {
                throw new IllegalArgumentException("libraryProperties sets " + key + " to " + value
                        + ", with which acknowledged entries can be lost; remove it");
            }
        });
    }

    /** Bytes of the largest entry with Ratis's envelope. */
    static int appendBytesMax(RaftSettings settings) {
        return settings.log().entryBytesMax() + ENVELOPE_BYTES;
    }

    static TimeDuration time(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}

package io.flotilla.raftlog.raft.ratis.transport;

import java.io.IOException;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotResult;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.util.Timestamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a follower whose entries are gone from the leader's log to catch up by files, again and again until it says
 * that it has.
 *
 * <p>Threading: confined to the appender's turn.
 */
final class SnapshotNotices {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotNotices.class);
    private static final long NONE = -1;

    private final PipelinedAppender appender;
    private long call = NONE;
    private Timestamp sentAt = Timestamp.currentTime();
    private long lastLogged = NONE;

    /** Last entry of the state the follower has said it has; none once something failed, for it may have lost that. */
    private long followerState = NONE;

    SnapshotNotices(PipelinedAppender appender) {
        this.appender = appender;
    }

    /** Sends a notice, unless one is on its way or was answered a moment ago: the clock's beat sets the pace. */
    void tell(TermIndex firstAvailable) throws IOException {
        boolean first = lastLogged != firstAvailable.getIndex();
        if (!first && sentAt.elapsedTimeMs() < appender.beatMillis()) {
            return;
        }
        if (first) {
            lastLogged = firstAvailable.getIndex();
            LOG.info("{} tells the follower at {} to catch up by files to {}", appender, next(), firstAvailable);
        }
        call = appender.nextCall();
        sentAt = Timestamp.currentTime();
        appender.sendNotice(call, firstAvailable);
    }

    void onFailure(long failed) {
        if (failed == call) {
            call = NONE;
        }
    }

    void forget() {
        call = NONE;
        followerState = NONE;
    }

    /** Whether this is the entry behind the follower's state: then it needs no predecessor in the log. */
    boolean continuesAt(long next) {
        return followerState != NONE && next == followerState + 1;
    }

    /** @param answered the call; an answer to an earlier one could tell of what the follower has left behind */
    void onReply(long answered, InstallSnapshotReplyProto reply) {
        if (answered != call || !appender.isRunning()) {
            return;
        }
        call = NONE;
        FollowerInfo follower = appender.getFollower();
        if (reply.getResult() == InstallSnapshotResult.NOT_LEADER) {
            appender.toldOfTerm(reply.getTerm());
            return;
        }
        follower.updateLastRpcResponseTime();
        switch (reply.getResult()) {
            case SUCCESS -> follower.setAttemptedToInstallSnapshot();
            case ALREADY_INSTALLED -> follows(follower, reply.getSnapshotIndex());
            case SNAPSHOT_INSTALLED -> {
                follows(follower, reply.getSnapshotIndex());
                if (reply.getSnapshotIndex() + 1 >= appender.getRaftLog().getStartIndex()) {
                    tellState(InstallSnapshotResult.SUCCESS, reply.getSnapshotIndex());
                }
            }
            case SNAPSHOT_UNAVAILABLE -> {
                follower.setAttemptedToInstallSnapshot();
                tellState(InstallSnapshotResult.SNAPSHOT_UNAVAILABLE, RaftLog.INVALID_LOG_INDEX);
                tryTheLog(follower);
            }
            case IN_PROGRESS -> {}
            default -> LOG.warn("{} cannot make sense of {}", appender, reply.getResult());
        }
        appender.notifyLogAppender();
    }

    private void follows(FollowerInfo follower, long snapshotIndex) {
        LOG.info("{}: the follower has caught up by files to {}", appender, snapshotIndex);
        follower.setSnapshotIndex(snapshotIndex);
        follower.setAttemptedToInstallSnapshot();
        appender.getLeaderState().onFollowerCommitIndex(follower, snapshotIndex);
        follower.updateNextIndex(snapshotIndex + 1);
        followerState = snapshotIndex;
    }

    /**
     * The follower needs no files: it has applied the first entry of the log, and its answers that said so were lost. It
     * tells where it is when it is sent what follows; if that is too much for it, it is given notice again.
     */
    private void tryTheLog(FollowerInfo follower) {
        RaftLog log = appender.getRaftLog();
        if (log.getStartIndex() > RaftLog.LEAST_VALID_LOG_INDEX) {
            follower.updateNextIndex(Math.min(log.getStartIndex() + 1, log.getNextIndex()));
        }
    }

    private void tellState(InstallSnapshotResult result, long index) {
        appender.getServer()
                .getStateMachine()
                .event()
                .notifySnapshotInstalled(result, index, appender.getFollower().getPeer());
    }

    private long next() {
        return appender.getFollower().getNextIndex();
    }
}

package io.flotilla.raftlog.raft.ratis;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.PeerId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.exceptions.AlreadyClosedException;
import org.apache.ratis.protocol.exceptions.GroupMismatchException;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReadException;
import org.apache.ratis.protocol.exceptions.ReadIndexException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.protocol.exceptions.ServerNotReadyException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.protocol.exceptions.TimeoutIOException;
import org.apache.ratis.protocol.exceptions.TransferLeadershipException;

/** Ratis's exceptions as the errors our port promises. Pure. */
final class RatisErrors {
    private RatisErrors() {}

    /**
     * @param term highest term the member knows of
     */
    static RuntimeException of(GroupId group, long term, Throwable thrown) {
        Throwable cause = unwrap(thrown);
        if (cause instanceof LogException ours) {
            return ours;
        }
        if (cause instanceof StateMachineException && cause.getCause() instanceof LogException ours) {
            return ours;
        }
        if (cause instanceof NotLeaderException notLeader) {
            return notLeader(group, term, Optional.ofNullable(notLeader.getSuggestedLeader()));
        }
        // Before ServerNotReadyException, which it extends.
        if (cause instanceof LeaderNotReadyException) {
            return refused(ErrorCode.LEADER_NOT_READY, group, "the leader has not applied an entry of its term", cause);
        }
        if (cause instanceof LeaderSteppingDownException) {
            return refused(ErrorCode.LEADER_NOT_READY, group, "the leader is handing its leadership over", cause);
        }
        if (cause instanceof TransferLeadershipException) {
            return refused(ErrorCode.LEADER_NOT_READY, group, "leadership was not handed over", cause);
        }
        if (cause instanceof ReadException || cause instanceof ReadIndexException) {
            return refused(ErrorCode.LEADER_NOT_READY, group, "the leader could not confirm its leadership", cause);
        }
        if (cause instanceof ResourceUnavailableException) {
            return refused(ErrorCode.OVERLOADED, group, "too many entries are in flight", cause);
        }
        if (cause instanceof ReconfigurationInProgressException) {
            return refused(ErrorCode.LEADER_NOT_READY, group, "another change of its peers is under way", cause);
        }
        if (cause instanceof SetConfigurationException) {
            return refused(ErrorCode.LEADER_NOT_READY, group, "its peers are not those expected", cause);
        }
        if (cause instanceof ReconfigurationTimeoutException) {
            return refused(ErrorCode.TIMEOUT, group, "a new peer did not answer while it should catch up", cause);
        }
        if (cause instanceof TimeoutIOException) {
            return refused(ErrorCode.TIMEOUT, group, "no answer in time", cause);
        }
        if (cause instanceof ServerNotReadyException
                || cause instanceof AlreadyClosedException
                || cause instanceof GroupMismatchException
                || cause instanceof RejectedExecutionException) {
            return notLeader(group, term, Optional.empty());
        }
        return refused(ErrorCode.INTERNAL, group, "unexpected failure", cause);
    }

    static NotLeader notLeader(GroupId group, long term, Optional<RaftPeer> leader) {
        return notLeaderOf(
                group, term, leader.map(peer -> new PeerId(peer.getId().toString())));
    }

    static NotLeader notLeaderOf(GroupId group, long term, Optional<PeerId> leader) {
        String known = leader.map(peer -> "; its leader is " + peer).orElse("; its leader is not known");
        int epoch = (int) Math.min(term, Integer.MAX_VALUE);
        return new NotLeader(
                "this member does not lead group " + group + " in term " + term + known,
                epoch,
                leader.map(PeerId::nodeId));
    }

    static Refused timeout(GroupId group, long millis) {
        return new Refused(
                ErrorCode.TIMEOUT,
                "no majority of group " + group + " answered within " + millis + " ms; the outcome is unknown",
                Map.of("group", group.toString(), "timeout_millis", Long.toString(millis)));
    }

    /** For a leader that may have been followed by another without knowing it. */
    static Refused unconfirmed(GroupId group, long millis) {
        return new Refused(
                ErrorCode.LEADER_NOT_READY,
                "the leader of group " + group + " could not confirm its leadership: no majority answered within "
                        + millis + " ms",
                Map.of("group", group.toString(), "timeout_millis", Long.toString(millis)));
    }

    /** For proposals whose entry is committed, and applied by other members, while this one is out of order. */
    static Refused notApplied(GroupId group) {
        return new Refused(
                ErrorCode.TIMEOUT,
                "the member of group " + group + " stopped before it could answer; the outcome is unknown",
                Map.of("group", group.toString()));
    }

    private static Refused refused(ErrorCode code, GroupId group, String what, Throwable cause) {
        return new Refused(
                code,
                "group " + group + ": " + what + " (" + cause.getMessage() + ")",
                Map.of("group", group.toString()),
                cause);
    }

    private static Throwable unwrap(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException || cause instanceof ExecutionException) {
            Throwable inner = cause.getCause();
            if (inner == null) {
                return cause;
            }
            cause = inner;
        }
        return cause;
    }
}

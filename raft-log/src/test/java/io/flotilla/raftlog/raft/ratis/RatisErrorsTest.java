package io.flotilla.raftlog.raft.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.AlreadyClosedException;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReadIndexException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.protocol.exceptions.ServerNotReadyException;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.protocol.exceptions.TimeoutIOException;
import org.apache.ratis.protocol.exceptions.TransferLeadershipException;
import org.junit.jupiter.api.Test;

class RatisErrorsTest {
    private static final GroupId GROUP = new GroupId(new UUID(1, 1));
    private static final RaftGroupMemberId MEMBER =
            RaftGroupMemberId.valueOf(RaftPeerId.valueOf("1-a"), RatisPeers.group(GROUP));

    @Test
    void shouldNameTheLeader() {
        RaftPeer leader = RatisPeers.theirs(new Peer(PeerId.of(7, "x"), "host", 9095));

        RuntimeException error =
                RatisErrors.of(GROUP, 5, new CompletionException(new NotLeaderException(MEMBER, leader, List.of())));

        assertThat(error).isInstanceOfSatisfying(NotLeader.class, notLeader -> {
            assertThat(notLeader.leaderBrokerId()).contains(7);
            assertThat(notLeader.leaderEpoch()).isEqualTo(5);
        });
    }

    @Test
    void shouldSayNotLeaderForAMemberThatIsNotRunning() {
        assertThat(code(new ServerNotReadyException("starting"))).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(code(new AlreadyClosedException("closed"))).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(code(new RejectedExecutionException("closed"))).isEqualTo(ErrorCode.NOT_LEADER);
    }

    @Test
    void shouldTellALeaderThatIsNotReadyFromOneThatIsOverloaded() {
        assertThat(code(new LeaderNotReadyException(MEMBER))).isEqualTo(ErrorCode.LEADER_NOT_READY);
        assertThat(code(new LeaderSteppingDownException("yielding"))).isEqualTo(ErrorCode.LEADER_NOT_READY);
        assertThat(code(new TransferLeadershipException("no"))).isEqualTo(ErrorCode.LEADER_NOT_READY);
        assertThat(code(new ReadIndexException("no"))).isEqualTo(ErrorCode.LEADER_NOT_READY);
        assertThat(code(new ResourceUnavailableException("full"))).isEqualTo(ErrorCode.OVERLOADED);
    }

    @Test
    void shouldCallTheOutcomeUnknownWhenTimeIsUp() {
        assertThat(code(new TimeoutIOException("late"))).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(RatisErrors.timeout(GROUP, 10).code()).isEqualTo(ErrorCode.TIMEOUT);
    }

    @Test
    void shouldNotHideWhatItDoesNotKnow() {
        IOException cause = new IOException("odd");

        RuntimeException error = RatisErrors.of(GROUP, 1, new StateMachineException(MEMBER, cause));

        assertThat(error).hasMessageContaining("odd").hasCauseInstanceOf(StateMachineException.class);
        assertThat(((LogException) error).code()).isEqualTo(ErrorCode.INTERNAL);
    }

    private static ErrorCode code(Exception thrown) {
        return ((LogException) RatisErrors.of(GROUP, 1, thrown)).code();
    }
}

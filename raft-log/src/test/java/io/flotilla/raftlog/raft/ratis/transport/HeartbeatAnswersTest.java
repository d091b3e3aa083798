package io.flotilla.raftlog.raft.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.junit.jupiter.api.Test;

class HeartbeatAnswersTest {
    private final List<List<Long>> sent = new ArrayList<>();
    private final HeartbeatAnswers answers = new HeartbeatAnswers(
            3,
            replies -> sent.add(
                    replies.stream().map(AppendEntriesReplyProto::getTerm).toList()));

    private static AppendEntriesReplyProto reply(long term) {
        return AppendEntriesReplyProto.newBuilder().setTerm(term).build();
    }

    @Test
    void shouldSendAllTogether() {
        answers.add(reply(1));
        answers.add(reply(2));
        assertThat(sent).isEmpty();
        answers.add(reply(3));
        answers.timeIsUp();

        assertThat(sent).containsExactly(List.of(1L, 2L, 3L));
    }

    @Test
    void shouldNotWaitForThoseWithoutAnAnswer() {
        answers.skip();
        answers.add(reply(2));
        answers.skip();

        assertThat(sent).containsExactly(List.of(2L));
    }

    @Test
    void shouldSendWhatIsThereWhenTimeIsUpAndTheRestWhenItComes() {
        answers.add(reply(1));
        answers.timeIsUp();
        answers.add(reply(2));
        answers.add(reply(3));

        assertThat(sent).containsExactly(List.of(1L), List.of(2L), List.of(3L));
    }
}

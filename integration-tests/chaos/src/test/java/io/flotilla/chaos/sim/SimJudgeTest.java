package io.flotilla.chaos.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.sim.SimJudge.NodeLog;
import io.flotilla.cluster.history.ValueId;
import io.flotilla.raftlog.partition.AppendResult;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimJudgeTest {
    private final SimHistory history = new SimHistory();

    SimJudgeTest() {
        long floor = history.sending(1, 2);
        history.acknowledged(1, 0, 3, new AppendResult(0, 2, 1, false, 0), floor);
        history.read(1, 1, value(1));
    }

    private static ValueId value(long sequence) {
        return new ValueId(1, sequence);
    }

    private static NodeLog log(int node, long start, long... sequences) {
        return new NodeLog(
                node,
                start,
                java.util.Arrays.stream(sequences).mapToObj(SimJudgeTest::value).toList());
    }

    private List<String> judge(NodeLog... logs) {
        return SimJudge.judge(history.facts(), List.of(logs));
    }

    @Test
    void shouldFindNothingWhereAllIsWell() {
        assertThat(judge(log(1, 0, 0, 1, 2), log(2, 0, 0, 1, 2))).isEmpty();
    }

    @Test
    void shouldFindWhatWasAcknowledgedAndIsGone() {
        assertThat(judge(log(1, 0, 0, 1)))
                .containsExactly("value 1/2 was acknowledged at offset 2, where the log has its end 2");
    }

    @Test
    void shouldFindWhatIsThereTwiceOrWasNeverSent() {
        assertThat(judge(log(1, 0, 0, 1, 2, 2))).containsExactly("value 1/2 is at offsets 2 and 3");
        assertThat(judge(log(1, 0, 0, 1, 2, 3))).containsExactly("offset 3 is value 1/3, which nobody has sent");
    }

    @Test
    void shouldFindReplicasThatDiffer() {
        history.sending(1, 4);

        assertThat(judge(log(1, 0, 0, 1, 2, 3), log(2, 0, 0, 1, 2, 4)))
                .containsExactly("offset 3 is value 1/3 on node 1 and value 1/4 on node 2");
        assertThat(judge(log(1, 0, 0, 1, 2, 3), log(2, 0, 0, 1, 2)))
                .containsExactly("node 1 has offsets 0 to 4, and node 2 has 0 to 3");
    }

    @Test
    void shouldForgiveOnlyWhatWasTrimmed() {
        assertThat(judge(log(1, 2, 2))).containsExactly("the log begins at 2, and was trimmed to 0");

        history.trimming(2);
        assertThat(judge(log(1, 2, 2))).isEmpty();
    }

    @Test
    void shouldFindAnswersThatContradictEachOther() {
        history.acknowledged(1, 0, 1, new AppendResult(2, 2, 1, false, 0), 2);
        history.read(2, 1, value(2));
        history.barrierPassed(3, 2, 2);
        history.led(1, 7);
        history.led(2, 7);

        assertThat(history.facts().violations())
                .containsExactly(
                        "value 1/0 was acknowledged at offset 2, and offset 2 before it was sent",
                        "offset 2 was acknowledged for value 1/2 and value 1/0",
                        "offset 1 was read as value 1/1, and from node 2 as value 1/2",
                        "node 3 read up to 2 behind a barrier, and offset 2 was acknowledged before it",
                        "nodes 1 and 2 both led in term 7");
    }
}

package io.flotilla.chaos.check;

import static io.flotilla.chaos.history.Outcome.FAIL;
import static io.flotilla.chaos.history.Outcome.INFO;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.check.CheckResult.Status;
import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LogChecksTest {
    @Test
    void shouldAcceptUnknownOutcomesStoredOrNot() {
        var script = new Script()
                .ok(1, 2, 0, 0, 0)
                .send(3, 4, 1, 0, INFO, -1)
                .send(5, 6, 2, 0, INFO, -1)
                .finalLog(0, 0, 2, 0, 0, 0, 1, 2, 0);

        assertThat(script.judge().violated()).isEmpty();
    }

    @Test
    void shouldTellTheStoryOfALostWrite() {
        Judgement judgement = new Script()
                .fault(0.5, 1, "N1", "armed")
                .fault(0.6, 1, "N1", "verified")
                .ok(1, 2, 0, 0, 0)
                .ok(3, 4, 0, 1, 1)
                .add(new Event.LeaderSeen(0, Script.P, 1, 1))
                .add(new Event.LeaderSeen(5, Script.P, 2, 2))
                .finalLog(0, 0, 1, 0, 0, 0)
                .judge();

        assertThat(judgement.violated()).containsExactly(CheckId.C1);
        assertThat(judgement.of(CheckId.C1).examples().get(0))
                .contains("0/1 was acknowledged at offset 1", "op 2", "process 0", "episode 1 N1 on [1]");
    }

    @Test
    void shouldAcceptRemovedBeginnings() {
        var script = new Script()
                .ok(1, 2, 0, 0, 0)
                .ok(3, 4, 0, 1, 1)
                .position(5, 100, 0)
                .poll(6, 100, 0, 0, 0, 1, 0, 1)
                .finalLog(0, 1, 2, 1, 0, 1);

        assertThat(script.judge().violated()).isEmpty();
    }

    @Test
    void shouldNotCallAnythingLostOrFoundWithoutAFinalRead() {
        Judgement judgement = new Script().ok(1, 2, 0, 0, 0).judge();

        assertThat(judgement.of(CheckId.C1).status()).isEqualTo(Status.UNKNOWN);
        assertThat(judgement.violated()).isEmpty();
    }

    @Test
    void shouldAcceptAFailedSendThatWasTriedBeforeWithUnknownOutcome() {
        var script = new Script()
                .send(1, 2, 0, 0, INFO, -1)
                .send(3, 4, 0, 0, FAIL, -1)
                .finalLog(0, 0, 1, 0, 0, 0);

        assertThat(script.judge().violated()).isEmpty();
    }

    @Test
    void shouldAllowPlainProducersToRepeatAndReorder() {
        var script = new Script().ok(1, 4, 20, 0, 1).ok(2, 3, 20, 1, 0).finalLog(0, 0, 3, 0, 20, 1, 1, 20, 0, 2, 20, 1);

        assertThat(script.judge().violated()).isEmpty();
    }

    @Test
    void shouldNotAllowIdempotentOnesTo() {
        var script = new Script().ok(1, 4, 0, 0, 1).ok(2, 3, 0, 1, 0).finalLog(0, 0, 3, 0, 0, 1, 1, 0, 0, 2, 0, 1);

        assertThat(script.judge().violated()).containsExactly(CheckId.C4, CheckId.C8);
    }

    @Test
    void shouldJudgeAResentValueByItsFirstAttempt() {
        var script = new Script()
                .send(1, 2, 0, 0, INFO, -1) // stored at 0
                .ok(3, 4, 1, 0, 1)
                .ok(5, 6, 0, 0, 0)
                .finalLog(0, 0, 2, 0, 0, 0, 1, 1, 0);

        assertThat(script.judge().violated()).isEmpty();
    }

    @Test
    void shouldAcceptReplicasThatLagOrHaveStoredSomethingLate() {
        var script = new Script()
                .ok(1, 2, 0, 0, 0)
                .ok(1, 2, 1, 0, 1)
                .send(3, 4, 2, 0, INFO, -1)
                .finalLog(0, 0, 2, 0, 0, 0, 1, 1, 0)
                .finalLog(1, 0, 1, 0, 0, 0)
                .finalLog(2, 0, 3, 0, 0, 0, 1, 1, 0, 2, 2, 0);

        assertThat(script.judge().violated()).isEmpty();
    }

    @Test
    void shouldAcceptConsumersThatSeekAndStartAnywhere() {
        var script = new Script();
        var records = new long[30];
        for (int i = 0; i < 10; i++) {
            script.ok(i + 1, i + 1.5, 0, i, i);
            records[3 * i] = i;
            records[3 * i + 2] = i;
        }
        script.poll(20, 100, 4, 0, 4, 5, 0, 5)
                .position(21, 100, 8)
                .poll(22, 100, 8, 0, 8)
                .position(23, 100, 0)
                .poll(24, 100, 0, 0, 0)
                .finalLog(0, 0, 10, records);

        assertThat(script.judge().violated()).isEmpty();
    }

    @Test
    void shouldReportWhatIsReadBelowTheLogStartOnlyIfItWasAskedForLater() {
        var script = new Script()
                .ok(1, 2, 0, 0, 0)
                .ok(3, 4, 0, 1, 1)
                .position(5, 100, 0)
                .add(new Event.TrimInvoked(Script.at(6), 99, 51, Script.P, 1))
                .add(new Event.TrimCompleted(Script.at(7), 99, 51, Outcome.OK, ""))
                .poll(8, 100, 0, 0, 0)
                .finalLog(0, 1, 2, 1, 0, 1);
        assertThat(script.judge().violated()).isEmpty();

        script.position(10, 101, 0).poll(11, 101, 0, 0, 0);

        assertThat(script.judge().violated()).containsExactly(CheckId.C15);
    }

    @Test
    void shouldNotTakeAFinalReadThatBrokeOffForTheLog() {
        var brokenOff = new Script()
                .ok(1, 2, 0, 0, 0)
                .ok(1, 2, 0, 1, 1)
                .bound(3, 4, true, 2)
                .add(new Event.FinalRead(
                        Script.at(1_000), Script.P, Event.FinalRead.FROM_LEADER, Script.records(0, 0, 0)));

        assertThat(brokenOff.judge().violated()).doesNotContain(CheckId.C10);
    }

    @Test
    void shouldKnowWhatHeldWhenAReadOfTheEndBegan() {
        var script = new Script()
                .ok(1, 2, 0, 0, 0)
                .bound(1.5, 3, true, 0) // it began before the acknowledgement
                .bound(2.5, 3, true, 1)
                .finalLog(0, 0, 1, 0, 0, 0);
        assertThat(script.judge().violated()).isEmpty();

        script.bound(2.5, 3, true, 0);

        assertThat(script.judge().violated()).containsExactly(CheckId.C10);
    }

    @Test
    void shouldJudgeRetentionByTheTimeASendBegan() {
        var script = new Script()
                .topic(Map.of("retention.ms", "10000"))
                .ok(1, 2, 0, 0, 0)
                .bound(11.9, 12, false, 1)
                .finalLog(0, 1, 1);
        assertThat(script.judge().violated()).isEmpty();

        script.bound(8, 9, false, 1);

        assertThat(script.judge().violated()).containsExactly(CheckId.C15);
    }

    @Test
    void shouldFindGapsOfReplicasAndMissingEnds() {
        var script = new Script()
                .ok(1, 2, 0, 0, 0)
                .ok(3, 4, 0, 1, 1)
                .finalLog(0, 0, 2, 0, 0, 0, 1, 0, 1)
                .finalLog(2, 0, 3, 0, 0, 0, 1, 0, 1);

        assertThat(script.judge().violated()).containsExactly(CheckId.C6);
    }

    @Test
    void shouldSurviveAbsurdOffsets() {
        var script = new Script().ok(1, 2, 0, 0, 1L << 61).finalLog(0, 0, 1, 0, 0, 0);

        assertThat(script.judge().violated()).containsExactly(CheckId.C1);
    }

    @Test
    void shouldRenderAsTextAndJson() {
        Judgement judgement = new Script().ok(1, 2, 0, 0, 0).finalLog(0, 0, 0).judge();

        assertThat(judgement.toText()).contains("C1   INVALID", "verdict: INVALID");
        assertThat(judgement.toJson()).contains("\"verdict\": \"INVALID\"", "\"sends acknowledged\": 1");
    }
}

package io.flotilla.chaos.check;

import static io.flotilla.chaos.history.Outcome.FAIL;
import static io.flotilla.chaos.history.Outcome.INFO;
import static io.flotilla.chaos.history.Outcome.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.check.CheckResult.Status;
import io.flotilla.chaos.history.Event;
import org.junit.jupiter.api.Test;

final class RunChecksTest {
    @Test
    void shouldNotHoldARestartedBrokerToWhatItKnewAsALeader() {
        var script = group(10).add(new Event.LeaderSeen(Script.at(1), Script.P, 1, 2));
        Event low =
                new Event.MetricRead(Script.at(40), Script.at(39), 2, "flotilla_partition_high_watermark", Script.P, 0);

        assertThat(script.add(new Event.NodeExited(Script.at(20), 2, 137, true))
                        .add(low)
                        .judge()
                        .violated())
                .isEmpty();

        assertThat(group(10)
                        .add(new Event.LeaderSeen(Script.at(1), Script.P, 1, 2))
                        .add(low)
                        .judge()
                        .violated())
                .containsExactly(CheckId.C10);
    }

    @Test
    void shouldAcceptAZombieWhoseCommitIsRefused() {
        var script = new Script()
                .assigned(1, 100, 1)
                .position(2, 100, 0)
                .assigned(3, 101, 2)
                .position(4, 101, 0)
                .commit(5, 6, 100, 1, 0, FAIL);
        assertThat(script.judge().violated()).isEmpty();

        script.commit(7, 8, 100, 1, 0, OK);

        assertThat(script.judge().violated()).containsExactly(CheckId.C12);
    }

    @Test
    void shouldAcceptACommitThatBeganBeforeTheNextOwner() {
        var script = new Script()
                .assigned(1, 100, 1)
                .position(2, 100, 0)
                .commit(2.5, 6, 100, 1, 0, OK)
                .assigned(3, 101, 2);

        assertThat(script.judge().violated()).isEmpty();
    }

    @Test
    void shouldAcceptThatAMemberKeepsItsPartitionThroughARebalance() {
        var script = group(10)
                .assigned(1, 100, 1)
                .position(2, 100, 0)
                .poll(3, 100, 0, 0, 0, 1, 0, 1)
                .assigned(4, 100, 2)
                .poll(5, 100, 2, 0, 2)
                .commit(6, 7, 100, 2, 3, OK);

        assertThat(script.judge().violated()).isEmpty();
    }

    @Test
    void shouldAcceptRedeliveryOfWhatWasNotCommitted() {
        var script = group(10)
                .assigned(1, 100, 1)
                .position(2, 100, 0)
                .poll(3, 100, 0, 0, 0, 1, 0, 1)
                .commit(4, 5, 100, 1, 1, OK)
                .commit(6, 7, 100, 1, 2, INFO)
                .revoked(8, 100, 1)
                .assigned(9, 101, 2)
                .position(10, 101, 1)
                .poll(11, 101, 1, 0, 1)
                .commit(12, 13, 101, 2, 2, OK);

        assertThat(script.judge().violated()).isEmpty();
    }

    @Test
    void shouldReportAHoleAndARedeliveryBeforeTheCommit() {
        var script = group(10)
                .assigned(1, 100, 1)
                .position(2, 100, 0)
                .poll(3, 100, 0, 0, 0)
                .commit(4, 5, 100, 1, 1, OK)
                .revoked(6, 100, 1)
                .assigned(7, 101, 2)
                .position(8, 101, 2)
                .poll(9, 101, 2, 0, 2)
                .commit(10, 11, 101, 2, 3, OK);

        assertThat(script.judge().of(CheckId.C12).examples())
                .singleElement()
                .asString()
                .contains("(c)");
    }

    @Test
    void shouldReadACommitThatMayHaveHappened() {
        var script = new Script()
                .commit(1, 2, 100, 1, 0, OK)
                .commit(3, 4, 100, 1, 5, OK)
                .position(4.5, 100, 0)
                .commit(5, 6, 100, 1, 2, INFO)
                .add(new Event.CommittedRead(Script.at(8), Script.at(7), 50, "g", Script.P, 2))
                .add(new Event.CommittedRead(Script.at(10), Script.at(9), 50, "g", Script.P, 5));
        assertThat(script.judge().violated()).isEmpty();

        script.add(new Event.CommittedRead(Script.at(12), Script.at(11), 50, "g", Script.P, 0));

        assertThat(script.judge().violated()).containsExactly(CheckId.C10);
    }

    @Test
    void shouldFindAnOrderOfConcurrentCalls() {
        var script = new Script()
                .admin(1, 5, "create", "a", OK, "")
                .admin(2, 3, "describe", "", OK, "a")
                .admin(4, 9, "delete", "", INFO, "")
                .admin(6, 7, "describe", "", OK, "a")
                .admin(10, 11, "describe", "", OK, "")
                .admin(12, 13, "create", "b", OK, "");

        assertThat(script.judge().of(CheckId.C17).status()).isEqualTo(Status.VALID);
    }

    /** Its second attempt may have found that another's call, or its first one, was quicker. */
    @Test
    void shouldLetADeletionSucceedThatFindsNothing() {
        var script = new Script()
                .admin(1, 2, "delete", "", OK, "")
                .admin(3, 4, "create", "a", OK, "")
                .admin(5, 6, "delete", "", OK, "")
                .admin(7, 8, "describe", "", OK, "a");

        assertThat(script.judge().of(CheckId.C17).status()).isEqualTo(Status.INVALID);
        assertThat(new Script()
                        .admin(1, 2, "delete", "", OK, "")
                        .admin(3, 4, "create", "a", OK, "")
                        .admin(5, 6, "describe", "", OK, "a")
                        .judge()
                        .of(CheckId.C17)
                        .status())
                .isEqualTo(Status.VALID);
    }

    /** Any of hundreds of calls without an answer may explain what comes later; looked at in every order they are too many. */
    @Test
    void shouldNotLoseItselfAmongCallsWithoutAnAnswer() {
        var script = new Script().admin(1, 2, "create", "a", OK, "");
        for (int i = 0; i < 200; i++) {
            script.admin(3 + i * 10, 4 + i * 10, "delete", "", INFO, "")
                    .admin(5 + i * 10, 6 + i * 10, "create", "lost-" + i, INFO, "")
                    .admin(7 + i * 10, 8 + i * 10, "alter", "lost too-" + i, INFO, "")
                    .admin(9 + i * 10, 12 + i * 10, "alter", "b" + i, OK, "")
                    .admin(10 + i * 10, 11 + i * 10, "describe", "", OK, i % 2 == 0 ? "b" + i : "");
        }
        assertThat(script.judge().of(CheckId.C17).status()).isEqualTo(Status.VALID);

        script.admin(5_000, 5_001, "describe", "", OK, "never written");

        assertThat(script.judge().of(CheckId.C17).status()).isEqualTo(Status.INVALID);
    }

    @Test
    void shouldFindThatThereIsNone() {
        var script = new Script()
                .admin(1, 2, "create", "a", OK, "")
                .admin(3, 8, "alter", "b", OK, "")
                .admin(4, 5, "describe", "", OK, "b")
                .admin(6, 7, "describe", "", OK, "a");

        assertThat(script.judge().of(CheckId.C17).status()).isEqualTo(Status.INVALID);
    }

    @Test
    void shouldAcceptSilenceDuringAndSoonAfterAFault() {
        var script = new Script()
                .ok(1, 2, 0, 0, 0)
                .fault(30, 1, "N4", "armed")
                .fault(31, 1, "N4", "verified")
                .ok(32, 62, 0, 1, 1)
                .fault(60, 1, "N4", "disarmed")
                .phase(100, "final")
                .finalLog(0, 0, 2, 0, 0, 0, 1, 0, 1);
        assertThat(script.judge().violated()).isEmpty();

        script.ok(82, 89, 0, 2, 2).finalLog(0, 0, 3, 2, 0, 2);

        assertThat(script.judge().violated()).contains(CheckId.C18);
    }

    @Test
    void shouldAcceptThatNobodySends() {
        var script = new Script()
                .ok(1, 2, 0, 0, 0)
                .ok(90, 91, 0, 1, 1)
                .phase(100, "final")
                .finalLog(0, 0, 2, 0, 0, 0, 1, 0, 1);

        assertThat(script.judge().violated()).isEmpty();
    }

    @Test
    void shouldNotPassAHistoryThatIsCutOff() {
        var script = new Script().ok(1, 2, 0, 0, 0).finalLog(0, 0, 1, 0, 0, 0);

        assertThat(script.judge().verdict()).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void shouldAcceptOneLeaderSeenByMany() {
        var script = new Script()
                .add(new Event.LeaderSeen(1, Script.P, 1, 1))
                .add(new Event.LeaderSeen(2, Script.P, 1, 1))
                .add(new Event.LeaderSeen(3, Script.P, 2, 2));

        assertThat(script.judge().violated()).isEmpty();
    }

    /** A log of so many records of producer 0. */
    private static Script group(int records) {
        var script = new Script();
        var log = new long[3 * records];
        for (int i = 0; i < records; i++) {
            script.ok(0.01 * i, 0.01 * i + 0.005, 0, i, i);
            log[3 * i] = i;
            log[3 * i + 2] = i;
        }
        return script.finalLog(0, 0, records, log);
    }
}

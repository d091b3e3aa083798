package io.flotilla.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.TopicPartition;
import io.flotilla.groups.GroupEvent.Assigned;
import io.flotilla.groups.GroupEvent.Cause;
import io.flotilla.groups.GroupEvent.Committed;
import io.flotilla.groups.GroupEvent.Processed;
import io.flotilla.groups.GroupEvent.Released;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupJudgementTest {
    private static final TopicPartition P = new TopicPartition("t", 0);

    private final GroupHistory history = new GroupHistory();

    @BeforeEach
    void beginWithFiveRecords() {
        history.note(new Assigned("a", P, 1));
        history.note(new Processed("a", P, 0, 5, 2));
    }

    private List<String> complaints(long end) {
        return GroupJudgement.of(history, Map.of(P, end), 0).complaints();
    }

    @Test
    void shouldAcceptAHandOverAtTheCommit() {
        history.note(new Committed("a", P, 5, 3, 4));
        history.note(new Released("a", P, Cause.HANDED_OVER, 5));
        history.note(new Assigned("b", P, 12));
        history.note(new Processed("b", P, 5, 9, 13));

        GroupJudgement judgement = GroupJudgement.of(history, Map.of(P, 9L), 0);

        assertThat(judgement.complaints()).isEmpty();
        assertThat(judgement.repeated()).isZero();
        assertThat(judgement.handOverNanos(100)).isEqualTo(7);
    }

    @Test
    void shouldNotCountGapsFromBeforeTheMembersWereThere() {
        history.note(new Released("a", P, Cause.HANDED_OVER, 5));
        history.note(new Assigned("b", P, 12));
        history.note(new Released("b", P, Cause.HANDED_OVER, 20));
        history.note(new Assigned("a", P, 23));

        GroupJudgement judgement = GroupJudgement.of(history, Map.of(P, 5L), 13);

        assertThat(judgement.handOverNanos(100)).isEqualTo(3);
        assertThat(judgement.longestGapNanos()).isEqualTo(3);
    }

    @Test
    void shouldAcceptThatWhatWasNotCommittedIsProcessedAgain() {
        history.note(new Committed("a", P, 3, 3, 4));
        history.note(new Released("a", P, Cause.KILLED, 5));
        history.note(new Assigned("b", P, 12));
        history.note(new Processed("b", P, 3, 9, 13));

        GroupJudgement judgement = GroupJudgement.of(history, Map.of(P, 9L), 0);

        assertThat(judgement.complaints()).isEmpty();
        assertThat(judgement.repeated()).isEqualTo(2);
        assertThat(judgement.handOverNanos(100)).isZero();
        assertThat(judgement.longestGapNanos()).isEqualTo(7);
    }

    @Test
    void shouldAcceptASecondReaderOnlyIfTheFirstWasCutOff() {
        history.note(new Assigned("b", P, 3));
        assertThat(complaints(5)).containsExactly("t-0 was given to b while a still read it");

        history.note(new Released("a", P, Cause.LOST, 4));

        GroupJudgement judgement = GroupJudgement.of(history, Map.of(P, 5L), 0);
        assertThat(judgement.complaints()).isEmpty();
        assertThat(judgement.takeOvers()).isEqualTo(1);
    }

    @Test
    void shouldComplainOfRecordsThatNobodyProcessed() {
        assertThat(complaints(6)).containsExactly("t-0 was processed up to 5 of 6");
    }

    @Test
    void shouldComplainOfASkip() {
        history.note(new Processed("a", P, 6, 9, 3));

        assertThat(complaints(9)).contains("t-0 skips from 5 to 6 at a");
    }

    @Test
    void shouldComplainOfAStepBackWithinATenure() {
        history.note(new Processed("a", P, 4, 9, 3));

        assertThat(complaints(9)).containsExactly("t-0 goes from 5 to 4 at a");
    }

    @Test
    void shouldComplainOfABeginningBeforeTheCommit() {
        history.note(new Committed("a", P, 5, 3, 4));
        history.note(new Released("a", P, Cause.HANDED_OVER, 5));
        history.note(new Assigned("b", P, 12));
        history.note(new Processed("b", P, 2, 9, 13));

        assertThat(complaints(9)).containsExactly("t-0 begins at 2 with b, though 5 was committed");
    }

    @Test
    void shouldComplainOfACommitThatRanAhead() {
        history.note(new Committed("a", P, 6, 3, 4));

        assertThat(complaints(5)).containsExactly("t-0: 6 was committed by a, but only 5 was processed");
    }

    @Test
    void shouldComplainOfACommitAfterThePartitionWentToAnother() {
        history.note(new Released("a", P, Cause.LOST, 3));
        history.note(new Assigned("b", P, 4));
        history.note(new Processed("b", P, 0, 5, 5));
        history.note(new Committed("a", P, 5, 6, 7));

        assertThat(complaints(5)).containsExactly("t-0: a commit of a was accepted while b read it");
    }

    @Test
    void shouldComplainOfACommitThatGoesBack() {
        history.note(new Committed("a", P, 5, 3, 4));
        history.note(new Committed("a", P, 4, 5, 6));

        assertThat(complaints(5)).containsExactly("t-0 goes back from commit 5 to 4 of a");
    }
}

package io.flotilla.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.ratis.LoggedEntries.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CommittedLogTest {
    @Test
    void shouldPutOneLogTogetherFromPiecesThatOverlap() {
        List<Entry> first = List.of(entry(1, 0, "a"), entry(1, 1, "b"));
        List<Entry> second = List.of(entry(1, 1, "b"), entry(1, 2, "c"), entry(2, 3, "d"));

        List<Entry> log = CommittedLog.upTo(new LogPosition(2, 3), List.of(second, first));

        assertThat(log).containsExactly(entry(1, 0, "a"), entry(1, 1, "b"), entry(1, 2, "c"), entry(2, 3, "d"));
    }

    @Test
    void shouldTakeTheEntryOfTheHighestTermAtAnIndex() {
        List<Entry> ofALostLeader = List.of(entry(1, 0, "a"), entry(1, 1, "lost"), entry(1, 2, "lost too"));
        List<Entry> ofTheNext = List.of(entry(1, 0, "a"), entry(3, 1, "kept"), entry(3, 2, "kept too"));

        List<Entry> log = CommittedLog.upTo(new LogPosition(3, 1), List.of(ofTheNext, ofALostLeader));

        assertThat(log).containsExactly(entry(1, 0, "a"), entry(3, 1, "kept"));
    }

    @Test
    void shouldRefuseAGapInTheMiddleOrAtTheBeginning() {
        LogPosition end = new LogPosition(1, 3);

        assertThatThrownBy(() -> CommittedLog.upTo(end, List.of(List.of(entry(1, 0, "a")), List.of(entry(1, 3, "d")))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("entries 1 to 2 are in no log");
        assertThatThrownBy(() -> CommittedLog.upTo(end, List.of(List.of(entry(1, 2, "c"), entry(1, 3, "d")))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("entries 0 to 1 are in no log");
    }

    @Test
    void shouldRefuseLogsThatEndBeforeAnEntryThatWasApplied() {
        List<List<Entry>> pieces = List.of(List.of(entry(1, 0, "a"), entry(1, 1, "b")));

        assertThatThrownBy(() -> CommittedLog.upTo(new LogPosition(1, 2), pieces))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("end at index 1 of term 1");
        assertThatThrownBy(() -> CommittedLog.upTo(new LogPosition(2, 1), pieces))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("end at index 1 of term 1");
    }

    @Test
    void shouldRefuseTwoEntriesOfOneTermAtOneIndex() {
        List<List<Entry>> pieces = List.of(List.of(entry(1, 0, "a")), List.of(entry(1, 0, "b")));

        assertThatThrownBy(() -> CommittedLog.upTo(new LogPosition(1, 0), pieces))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("two different entries");
    }

    @Test
    void shouldRefuseATermThatGoesBack() {
        List<List<Entry>> pieces = List.of(List.of(entry(2, 0, "a"), entry(1, 1, "b")));

        assertThatThrownBy(() -> CommittedLog.upTo(new LogPosition(1, 1), pieces))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("follows an entry of term 2");
    }

    private static Entry entry(long term, long index, String text) {
        return new Entry(
                new LogPosition(term, index), Optional.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }
}

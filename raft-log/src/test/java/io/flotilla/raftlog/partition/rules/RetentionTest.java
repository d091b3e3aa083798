package io.flotilla.raftlog.partition.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raftlog.segment.SegmentDescription;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final long NOW = 100_000;

    /** Closed ones of 10 offsets and 1000 bytes each, the last one of 500 bytes; newest records at these times. */
    private static List<SegmentDescription> log(long first, long second, long third, long last) {
        return List.of(
                segment(0, 1_000, OptionalLong.of(first)),
                segment(10, 1_000, OptionalLong.of(second)),
                segment(20, 1_000, OptionalLong.of(third)),
                segment(30, 500, OptionalLong.of(last)));
    }

    private static SegmentDescription segment(long base, int bytes, OptionalLong maxTimestamp) {
        return new SegmentDescription(base, bytes == 0 ? base : base + 10, bytes, maxTimestamp);
    }

    private static RetentionSettings age(long millis) {
        return new RetentionSettings(millis, RetentionSettings.UNLIMITED);
    }

    private static RetentionSettings bytes(long bytes) {
        return new RetentionSettings(RetentionSettings.UNLIMITED, bytes);
    }

    @Test
    void shouldKeepASegmentAsLongAsItsNewestRecordIsYoungEnough() {
        List<SegmentDescription> log = log(10_000, 20_000, 30_000, 40_000);

        assertThat(Retention.logStart(log, NOW, age(90_000))).isZero();
        assertThat(Retention.logStart(log, NOW, age(89_999))).isEqualTo(10);
        assertThat(Retention.logStart(log, NOW, age(70_000))).isEqualTo(20);
        assertThat(Retention.logStart(log, NOW, age(RetentionSettings.UNLIMITED)))
                .isZero();
    }

    @Test
    void shouldKeepWhatFollowsAYoungSegment() {
        assertThat(Retention.logStart(log(10_000, 99_000, 10_000, 10_000), NOW, age(50_000)))
                .isEqualTo(10);
    }

    @Test
    void shouldKeepNothingOfALogThatIsTooOldAsAWhole() {
        assertThat(Retention.logStart(log(1, 2, 3, 4), NOW, age(50_000))).isEqualTo(40);
        assertThat(Retention.logStart(List.of(segment(7, 0, OptionalLong.empty())), NOW, age(0)))
                .isEqualTo(7);
    }

    @Test
    void shouldKeepRecordsWhoseTimeIsNotKnown() {
        assertThat(Retention.logStart(log(-1, 2, 3, 4), NOW, age(50_000))).isZero();
        List<SegmentDescription> unknown =
                List.of(segment(0, 1_000, OptionalLong.empty()), segment(10, 500, OptionalLong.of(1)));
        assertThat(Retention.logStart(unknown, NOW, age(50_000))).isZero();
    }

    @Test
    void shouldNeverLeaveLessThanTheBytesAskedFor() {
        List<SegmentDescription> log = log(1, 2, 3, 4);

        assertThat(Retention.logStart(log, NOW, bytes(RetentionSettings.UNLIMITED)))
                .isZero();
        assertThat(Retention.logStart(log, NOW, bytes(2_501))).isZero();
        assertThat(Retention.logStart(log, NOW, bytes(2_500))).isEqualTo(10);
        assertThat(Retention.logStart(log, NOW, bytes(501))).isEqualTo(20);
        assertThat(Retention.logStart(log, NOW, bytes(1))).isEqualTo(30);
        assertThat(Retention.logStart(log, NOW, bytes(0))).isEqualTo(40);
    }

    @Test
    void shouldDropWhatEitherLimitDoesNotKeep() {
        List<SegmentDescription> log = log(10_000, 20_000, 99_000, 99_000);

        assertThat(Retention.logStart(log, NOW, new RetentionSettings(50_000, 600)))
                .isEqualTo(20);
    }

    @Test
    void shouldRefuseNegativeSettingsOtherThanUnlimited() {
        assertThatThrownBy(() -> age(-2)).hasMessageContaining("retention.ms -2");
        assertThatThrownBy(() -> bytes(-2)).hasMessageContaining("retention.bytes -2");
    }
}

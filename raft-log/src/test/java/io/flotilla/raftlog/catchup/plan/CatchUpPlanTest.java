package io.flotilla.raftlog.catchup.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.flotilla.raftlog.catchup.plan.SegmentStep.Action;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class CatchUpPlanTest {
    private static final SegmentSummary WANTED = new SegmentSummary(10, 100, 7);

    private static SegmentStep stepFor(LocalSegment local) {
        List<SegmentStep> steps =
                CatchUpPlan.of(List.of(WANTED), List.of(local)).steps();
        assertThat(steps).hasSize(1);
        return steps.get(0);
    }

    @Test
    void shouldKeepASegmentOfTheSameContent() {
        assertThat(stepFor(new LocalSegment(10, 100, 7))).isEqualTo(new SegmentStep(Action.KEEP, 10, 100, 100, 7));
    }

    @Test
    void shouldExtendAShorterOneWhoseChecksumSaysNothingYet() {
        SegmentStep step = stepFor(new LocalSegment(10, 60, 0));

        assertThat(step).isEqualTo(new SegmentStep(Action.EXTEND, 10, 60, 100, 7));
        assertThat(step.bytesToFetch()).isEqualTo(40);
        assertThat(step.whole()).isEqualTo(new SegmentStep(Action.FETCH, 10, 0, 100, 7));
    }

    @Test
    void shouldCutALongerOneOfTheSameBeginning() {
        SegmentStep step = stepFor(new LocalSegment(10, 130, 7));

        assertThat(step).isEqualTo(new SegmentStep(Action.EXTEND, 10, 100, 100, 7));
        assertThat(step.bytesToFetch()).isZero();
    }

    @Test
    void shouldFetchOneThatDiffersOrIsEmptyOrMissing() {
        SegmentStep whole = new SegmentStep(Action.FETCH, 10, 0, 100, 7);

        assertThat(stepFor(new LocalSegment(10, 100, 8))).isEqualTo(whole);
        assertThat(stepFor(new LocalSegment(10, 130, 8))).isEqualTo(whole);
        assertThat(stepFor(new LocalSegment(10, 0, 0))).isEqualTo(whole);
        assertThat(CatchUpPlan.of(List.of(WANTED), List.of()).steps()).containsExactly(whole);
    }

    @Test
    void shouldDeleteWhatIsNotWanted() {
        CatchUpPlan plan = CatchUpPlan.of(List.of(WANTED), List.of(new LocalSegment(3, 5, 0)));

        assertThat(plan.steps())
                .containsExactly(
                        new SegmentStep(Action.DELETE, 3, 0, 0, 0), new SegmentStep(Action.FETCH, 10, 0, 100, 7));
        assertThat(plan.bytesToFetch()).isEqualTo(100);
    }

    /** Every pair of logs of up to three segments of up to two bytes each, of two values: carried out, a plan is right. */
    @Test
    void shouldMakeAnyReplicaEqualToAnyOther() {
        List<List<byte[]>> logs = logs();
        for (List<byte[]> source : logs) {
            for (List<byte[]> local : logs) {
                if (!Arrays.deepEquals(carriedOut(source, local).toArray(), source.toArray())) {
                    fail("wrong plan from " + Arrays.deepToString(local.toArray()) + " to "
                            + Arrays.deepToString(source.toArray()));
                }
            }
        }
        assertThat(logs).hasSize(7 * 7 * 7);
    }

    /** A segment's place in the list is its base offset; an empty one is not there. */
    private static List<List<byte[]>> logs() {
        List<byte[]> contents =
                List.of(new byte[] {}, bytes(1), bytes(2), bytes(1, 1), bytes(1, 2), bytes(2, 1), bytes(2, 2));
        List<List<byte[]>> logs = new ArrayList<>();
        for (byte[] first : contents) {
            for (byte[] second : contents) {
                for (byte[] third : contents) {
                    logs.add(List.of(first, second, third));
                }
            }
        }
        return logs;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static List<byte[]> carriedOut(List<byte[]> source, List<byte[]> local) {
        List<SegmentSummary> wanted = new ArrayList<>();
        List<LocalSegment> here = new ArrayList<>();
        for (int base = 0; base < source.size(); base++) {
            byte[] there = source.get(base);
            byte[] own = local.get(base);
            if (there.length > 0) {
                wanted.add(new SegmentSummary(base, there.length, crcOf(there)));
            }
            if (own.length > 0) {
                byte[] compared = Arrays.copyOf(own, Math.min(own.length, there.length));
                here.add(new LocalSegment(base, own.length, crcOf(compared)));
            }
        }
        List<byte[]> result = new ArrayList<>(local);
        for (SegmentStep step : CatchUpPlan.of(wanted, here).steps()) {
            int base = (int) step.baseOffset();
            byte[] gathered = gather(step, source.get(base), local.get(base));
            boolean isRight = step.action() == Action.DELETE || crcOf(gathered) == step.crc();
            if (!isRight && step.action() != Action.EXTEND) {
                fail("wrong without notice: " + step);
            }
            result.set(base, isRight ? gathered : gather(step.whole(), source.get(base), local.get(base)));
        }
        return result;
    }

    private static byte[] gather(SegmentStep step, byte[] source, byte[] local) {
        byte[] gathered = Arrays.copyOf(local, step.bytes());
        for (int i = step.reusedBytes(); i < step.bytes(); i++) {
            gathered[i] = source[i];
        }
        return gathered;
    }

    private static int crcOf(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}

package io.flotilla.raftlog.catchup.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The steps that make a replica's segments those of another.
 *
 * <p>Segments hold committed batches only and roll by their content, so a lagging replica's file is normally a byte
 * prefix of the other's. Whether a shorter one really is shows only when the whole is there and its checksum is compared;
 * {@link SegmentStep#whole} is the way back then.
 *
 * @param steps one for each wanted and each local segment, by base offset
 */
public record CatchUpPlan(List<SegmentStep> steps) {
    public CatchUpPlan {
        steps = List.copyOf(steps);
    }

    /**
     * @param wanted in any order, no base offset twice
     * @param local  likewise
     */
    public static CatchUpPlan of(List<SegmentSummary> wanted, List<LocalSegment> local) {
        Map<Long, LocalSegment> byBase =
                local.stream().collect(Collectors.toMap(LocalSegment::baseOffset, Function.identity()));
        List<SegmentStep> steps = new ArrayList<>();
        for (SegmentSummary segment : wanted) {
            LocalSegment here = byBase.remove(segment.baseOffset());
            steps.add(here == null || here.bytes() == 0 ? SegmentStep.fetch(segment) : step(segment, here));
        }
        byBase.values().forEach(unwanted -> steps.add(SegmentStep.delete(unwanted)));
        steps.sort(Comparator.comparingLong(SegmentStep::baseOffset));
        return new CatchUpPlan(steps);
    }

    private static SegmentStep step(SegmentSummary wanted, LocalSegment here) {
        if (here.bytes() < wanted.bytes()) {
            return SegmentStep.extend(wanted, here.bytes());
        }
        if (here.comparedCrc() != wanted.crc()) {
            return SegmentStep.fetch(wanted);
        }
        return here.bytes() == wanted.bytes() ? SegmentStep.keep(wanted) : SegmentStep.extend(wanted, wanted.bytes());
    }

    /** Bytes that must come from elsewhere if every local beginning is the right one. */
    public long bytesToFetch() {
        return steps.stream().mapToLong(SegmentStep::bytesToFetch).sum();
    }
}

package io.flotilla.raftlog.catchup;

import io.flotilla.raftlog.catchup.plan.CatchUpPlan;
import io.flotilla.raftlog.catchup.plan.LocalSegment;
import io.flotilla.raftlog.catchup.plan.SegmentStep;
import io.flotilla.raftlog.catchup.plan.SegmentStep.Action;
import io.flotilla.raftlog.catchup.plan.SegmentSummary;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.DurableFiles;
import io.flotilla.raftlog.segment.SegmentCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to fetch a replica. What it gathered stays on the disk, so the next one goes on where it broke off, be it
 * with another source.
 */
final class ReplicaFetch {
    private static final Logger log = LoggerFactory.getLogger(ReplicaFetch.class);

    private final FetchRequest request;
    private final ReplicaSource.Offer offer;
    private final SegmentFetch segments;

    ReplicaFetch(FetchRequest request, ReplicaSource.Offer offer, int chunkBytes, SegmentFetch.Meter meter) {
        this.request = request;
        this.offer = offer;
        this.segments = new SegmentFetch(request.staged(), offer, chunkBytes, meter);
    }

    /**
     * @return position of the checkpoint that is complete now
     * @throws IOException if source or disk fail
     */
    LogPosition run() throws IOException {
        ReplicaManifest manifest = offer.manifest();
        GroupId group = request.group();
        if (!manifest.group().equals(group) || manifest.position().index() < request.minIndex()) {
            throw new IOException(offer.origin() + " offers group " + manifest.group() + " at index "
                    + manifest.position().index() + " where " + group + " at " + request.minIndex() + " was asked for");
        }
        long endOffset = request.check().endOffsetOf(manifest);
        CatchUpPlan plan = CatchUpPlan.of(manifest.segments(), localSegments(manifest));
        log.info(
                "fetching a replica group={} from={} index={} segments={} bytes={} bytesToFetch={}",
                group,
                offer.origin(),
                manifest.position().index(),
                manifest.segments().size(),
                manifest.bytes(),
                plan.bytesToFetch());
        gather(plan, endOffset);
        request.staged().complete(manifest, request.repair());
        return manifest.position();
    }

    private List<LocalSegment> localSegments(ReplicaManifest manifest) throws IOException {
        Map<Long, SegmentSummary> wanted =
                manifest.segments().stream().collect(Collectors.toMap(SegmentSummary::baseOffset, Function.identity()));
        Path folder = request.staged().folder();
        List<LocalSegment> local = new ArrayList<>();
        for (long base : StagedReplica.segmentsIn(folder)) {
            Path file = folder.resolve(SegmentCheck.nameOf(base));
            int bytes = Math.toIntExact(Files.size(file));
            SegmentSummary there = wanted.get(base);
            int crc = there != null && bytes >= there.bytes() ? SegmentCheck.crcOf(file, there.bytes()) : 0;
            local.add(new LocalSegment(base, bytes, crc));
        }
        return local;
    }

    private void gather(CatchUpPlan plan, long endOffset) throws IOException {
        List<SegmentStep> wanted = plan.steps().stream()
                .filter(step -> step.action() != Action.DELETE)
                .toList();
        Set<Long> fetched = wanted.stream()
                .filter(step -> step.action() != Action.KEEP)
                .map(SegmentStep::baseOffset)
                .collect(Collectors.toSet());
        StagedReplica staged = request.staged();
        staged.begin();
        staged.keepOnly(fetched);
        for (int i = 0; i < wanted.size(); i++) {
            SegmentStep step = wanted.get(i);
            if (step.action() == Action.KEEP) {
                continue;
            }
            long end = segments.run(step);
            long expected = i + 1 < wanted.size() ? wanted.get(i + 1).baseOffset() : endOffset;
            if (end != expected) {
                throw new IOException("segment " + step.baseOffset() + " of " + offer.origin() + " ends with offset "
                        + end + ", but the next record has offset " + expected);
            }
        }
        DurableFiles.syncFolder(staged.incoming(0).resolveSibling("."));
    }
}

package io.flotilla.broker;

import io.flotilla.broker.config.BrokerConfig;
import io.flotilla.broker.disk.SpaceLevel;
import io.flotilla.broker.metadata.VoterMetadata;
import io.flotilla.broker.metrics.Metric;
import io.flotilla.broker.metrics.Samples;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.raftlog.partition.ScrubProgress;
import io.flotilla.raftlog.raft.GroupProgress;
import java.util.Optional;

/** What a member of a cluster tells at each scrape beside its replicas: metadata, disk and background work. */
final class MemberSamples {
    private static final double MILLIS_PER_SECOND = 1_000;

    private final BrokerConfig config;
    private final ClusterMember member;

    MemberSamples(BrokerConfig config, ClusterMember member) {
        this.config = config;
        this.member = member;
    }

    void tell(Samples samples) {
        tellMetadata(samples);
        tellDisk(samples);
        ScrubProgress scrub = member.partitions().scrubProgress();
        samples.tell(Metric.SCRUB_BYTES, scrub.checkedBytes());
        samples.tell(Metric.SCRUB_ROUNDS, scrub.rounds());
        samples.tell(Metric.SCRUB_TIME, scrub.lastRoundEndedMillis() / MILLIS_PER_SECOND);
        samples.tell(Metric.FETCHED_BYTES, member.partitions().fetchedBytes());
    }

    private void tellMetadata(Samples samples) {
        MetadataImage image = member.metadata().image();
        samples.tell(Metric.METADATA_VERSION, image.version());
        samples.tell(Metric.BROKERS, image.brokers().size());
        samples.tell(Metric.TOPICS, image.topics().size());
        samples.tell(Metric.PARTITIONS, image.partitionCount());
        Optional<Integer> leader = member.metadata().quorum().leader();
        samples.tell(Metric.METADATA_LEADER_KNOWN, leader.isPresent());
        samples.tell(
                Metric.METADATA_LEADER,
                leader.filter(id -> id == config.nodeId()).isPresent());
        samples.tell(
                Metric.METADATA_LAG,
                member.voter()
                        .flatMap(VoterMetadata::progress)
                        .map(GroupProgress::applyLag)
                        .orElse(0L));
    }

    private void tellDisk(Samples samples) {
        samples.tell(Metric.DISK_FREE, config.dataDirectory().toFile().getUsableSpace());
        samples.tell(Metric.DISK_TOTAL, config.dataDirectory().toFile().getTotalSpace());
        samples.tell(Metric.DISK_RESERVE, config.disk().reserveBytes());
        samples.tell(Metric.DISK_LEVEL, number(member.disk().level()));
    }

    /** As the catalogue describes it. */
    private static long number(SpaceLevel level) {
        return switch (level) {
            case ENOUGH -> 0;
            case LOW -> 1;
            case CRITICAL -> 2;
        };
    }
}

package io.flotilla.broker;

import io.flotilla.broker.config.BrokerConfig;
import io.flotilla.broker.disk.SpaceLevel;
import io.flotilla.broker.group.GroupCoordinator;
import io.flotilla.broker.group.GroupLag;
import io.flotilla.broker.metadata.VoterMetadata;
import io.flotilla.broker.metrics.Metric;
import io.flotilla.broker.metrics.Samples;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.group.ConsumerGroup;
import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.raftlog.partition.ScrubProgress;
import io.flotilla.raftlog.raft.GroupProgress;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        member.groups().ifPresent(coordinator -> tellGroups(samples, coordinator));
        member.groupLag().ifPresent(lag -> tellLag(samples, lag.lags()));
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

    private static void tellGroups(Samples samples, GroupCoordinator coordinator) {
        samples.tell(Metric.GROUP_REBALANCES, coordinator.rebalances());
        samples.tell(Metric.OFFSET_COMMITS, coordinator.commits());
        samples.tell(Metric.OFFSET_COMMIT_ENTRIES, coordinator.commitEntries());
        if (!coordinator.coordinates()) {
            return;
        }
        Map<ConsumerGroup.State, Integer> states = new EnumMap<>(ConsumerGroup.State.class);
        int members = 0;
        for (GroupEntry entry : coordinator.groups().all()) {
            states.merge(entry.group().state(), 1, Integer::sum);
            members += entry.group().members().size();
        }
        for (ConsumerGroup.State state : ConsumerGroup.State.values()) {
            samples.tell(
                    Metric.GROUPS, states.getOrDefault(state, 0), state.name().toLowerCase(Locale.ROOT));
        }
        samples.tell(Metric.GROUP_MEMBERS, members);
    }

    private void tellLag(Samples samples, List<GroupLag.Lag> lags) {
        int told = Math.min(lags.size(), config.metricsGroupsMax());
        samples.tell(Metric.GROUP_LAGS_UNTOLD, lags.size() - told);
        lags.subList(0, told).forEach(lag -> {
            lag.records().ifPresent(records -> samples.tell(Metric.GROUP_LAG, records, lag.group(), lag.topic()));
            lag.millis()
                    .ifPresent(millis ->
                            samples.tell(Metric.GROUP_LAG_TIME, millis / MILLIS_PER_SECOND, lag.group(), lag.topic()));
        });
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

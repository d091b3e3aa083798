package io.flotilla.broker.grpc;

import io.flotilla.broker.group.GroupSettings;
import io.flotilla.broker.group.Subscription;
import io.flotilla.broker.group.TopicPattern;
import io.flotilla.broker.replica.PartitionName;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.group.AssignorKind;
import io.flotilla.metadata.group.CommittedOffset;
import io.flotilla.metadata.group.GroupCommand.Committer;
import io.flotilla.metadata.group.GroupCommand.Position;
import io.flotilla.metadata.group.GroupLimits;
import io.flotilla.metadata.group.MemberInfo;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.CommitOffsetsRequest;
import io.flotilla.protocol.v1.GroupAssignor;
import io.flotilla.protocol.v1.GroupSubscription;
import io.flotilla.protocol.v1.JoinGroupOpen;
import io.flotilla.protocol.v1.OffsetToCommit;
import io.flotilla.raftlog.partition.PartitionId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What the calls about consumer groups ask for, checked and in the metadata's words. */
final class GroupRequests {
    private GroupRequests() {}

    /** @throws Refused INVALID_REQUEST */
    static MemberInfo member(JoinGroupOpen open, String host, GroupSettings settings) {
        if (open.getInstanceId().length() > GroupLimits.NAME_LENGTH_MAX
                || open.getClientId().length() > GroupLimits.NAME_LENGTH_MAX) {
            throw invalid("instance_id and client_id may have " + GroupLimits.NAME_LENGTH_MAX + " characters at most");
        }
        Duration session = settings.sessionTimeout(
                open.hasSessionTimeout()
                        ? WireTimes.duration("session_timeout", open.getSessionTimeout())
                        : Duration.ZERO);
        Duration revocation = settings.revocationTimeout(
                open.hasRevocationTimeout()
                        ? WireTimes.duration("revocation_timeout", open.getRevocationTimeout())
                        : Duration.ZERO);
        return new MemberInfo(
                open.getMemberId(),
                Optional.of(open.getInstanceId()).filter(id -> !id.isEmpty()),
                open.getClientId(),
                host,
                assignor(open.getAssignor()),
                Math.toIntExact(session.toMillis()),
                Math.toIntExact(revocation.toMillis()));
    }

    private static Optional<AssignorKind> assignor(GroupAssignor wanted) {
        return switch (wanted) {
            case GROUP_ASSIGNOR_UNSPECIFIED -> Optional.empty();
            case GROUP_ASSIGNOR_UNIFORM -> Optional.of(AssignorKind.UNIFORM);
            case GROUP_ASSIGNOR_RANGE -> Optional.of(AssignorKind.RANGE);
            case UNRECOGNIZED -> throw invalid("the assignor asked for is not known to this broker");
        };
    }

    /** @throws Refused INVALID_REQUEST if its pattern is refused */
    static Subscription subscription(GroupSubscription subscription) {
        String pattern = subscription.getTopicPattern();
        return new Subscription(
                new TreeSet<>(subscription.getTopicsList()),
                pattern.isEmpty() ? Optional.empty() : Optional.of(TopicPattern.compile(pattern)));
    }

    static Optional<Committer> committer(CommitOffsetsRequest request) {
        return request.getMemberId().isEmpty()
                ? Optional.empty()
                : Optional.of(new Committer(request.getMemberId(), request.getMemberEpoch()));
    }

    /** @throws Refused UNKNOWN_TOPIC, UNKNOWN_PARTITION or INVALID_REQUEST */
    static Position position(MetadataImage image, OffsetToCommit wanted) {
        PartitionName name = Payloads.name(wanted.getPartition());
        PartitionId partition = ControlRequests.partitionOf(image, name);
        if (!wanted.getTopicId().isEmpty() && !wanted.getTopicId().equals(Topic.idText(partition.topicId()))) {
            throw new Refused(
                    ErrorCode.UNKNOWN_TOPIC,
                    "topic '" + name.topic() + "' with the id " + wanted.getTopicId()
                            + " is gone; another topic has its name now",
                    Map.of("topic", name.topic()));
        }
        return new Position(
                partition,
                offset(name, wanted.getOffset()),
                wanted.hasLeaderEpoch() ? Math.max(0, wanted.getLeaderEpoch()) : CommittedOffset.UNKNOWN_EPOCH,
                wanted.getMetadata());
    }

    /** @throws Refused INVALID_REQUEST if it is negative */
    static long offset(PartitionName name, long offset) {
        if (offset < 0) {
            throw invalid("offset " + offset + " of " + name + " is negative; give 0 or more");
        }
        return offset;
    }

    /** @throws Refused INVALID_REQUEST if there are none or more than the limit, or one twice */
    static void requireCount(int count, long distinct) {
        if (count < 1 || count > GroupLimits.COMMIT_PARTITIONS_MAX || distinct != count) {
            throw invalid("the call names " + count + " partitions, " + distinct + " of them different; name 1 to "
                    + GroupLimits.COMMIT_PARTITIONS_MAX + ", none twice");
        }
    }

    static Refused invalid(String message) {
        return new Refused(ErrorCode.INVALID_REQUEST, message);
    }
}

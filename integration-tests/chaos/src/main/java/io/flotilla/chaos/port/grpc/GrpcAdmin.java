package io.flotilla.chaos.port.grpc;

import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.port.AdminPort;
import io.flotilla.chaos.port.Answer;
import io.flotilla.client.Admin;
import io.flotilla.client.CommittedOffset;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Position;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

final class GrpcAdmin implements AdminPort {
    /** A setting that no workload gives to topics that are described. */
    private static final String NEVER_SET = "max.message.bytes";

    private final Admin admin;

    GrpcAdmin(Admin admin) {
        this.admin = admin;
    }

    @Override
    public Answer<Boolean> create(String topic, int partitions, int replicas, Map<String, String> settings) {
        return call(() -> {
            admin.createTopic(new NewTopic(topic, partitions, replicas, settings));
            return true;
        });
    }

    @Override
    public Answer<Boolean> delete(String topic) {
        return call(() -> {
            admin.deleteTopicNow(topic);
            return true;
        });
    }

    @Override
    public Answer<Boolean> alter(String topic, Map<String, String> settings) {
        return call(() -> {
            admin.alterTopicConfig(topic, settings, List.of());
            return true;
        });
    }

    /**
     * Brokers describe topics as far as they know them, which may be a while ago. A change that changes nothing is agreed on
     * by the metadata group, and answers with what it found.
     */
    @Override
    public Answer<Optional<Map<String, String>>> describe(String topic) {
        try {
            return Answer.ok(Optional.of(
                    admin.alterTopicConfig(topic, Map.of(), List.of(NEVER_SET)).config()));
        } catch (LogException failure) {
            return GrpcErrors.is(failure, ErrorCode.UNKNOWN_TOPIC)
                    ? Answer.ok(Optional.empty())
                    : GrpcErrors.ofCall(failure);
        }
    }

    @Override
    public Answer<Long> logStart(Place place) {
        return offset(place, Position.beginning());
    }

    @Override
    public Answer<Long> logEnd(Place place) {
        return offset(place, Position.end());
    }

    private Answer<Long> offset(Place place, Position position) {
        TopicPartition partition = GrpcPorts.partition(place);
        return call(() -> {
            Long offset = admin.listOffsets(Map.of(partition, position)).get(partition);
            if (offset == null) {
                throw new IllegalStateException("no offset of " + place + " in the answer");
            }
            return offset;
        });
    }

    @Override
    public Answer<Long> trim(Place place, long offset) {
        return call(() -> admin.trim(GrpcPorts.partition(place), offset));
    }

    @Override
    public Answer<OptionalLong> committed(String group, Place place) {
        return call(() -> {
            CommittedOffset committed = admin.groups().committed(group).get(GrpcPorts.partition(place));
            return committed == null ? OptionalLong.empty() : OptionalLong.of(committed.offset());
        });
    }

    private static <T> Answer<T> call(Supplier<T> call) {
        try {
            return Answer.ok(call.get());
        } catch (LogException failure) {
            return GrpcErrors.ofCall(failure);
        }
    }
}

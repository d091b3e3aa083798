package io.flotilla.chaos.port.grpc;

import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.port.Answer;
import io.flotilla.chaos.port.MemberListener;
import io.flotilla.chaos.port.MemberPort;
import io.flotilla.chaos.port.OutOfRange;
import io.flotilla.chaos.port.Received;
import io.flotilla.client.CommittedOffset;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.Position;
import io.flotilla.client.RebalanceListener;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.OffsetOutOfRange;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

final class GrpcMember implements MemberPort {
    private final GroupConsumer consumer;

    GrpcMember(GroupConsumer consumer) {
        this.consumer = consumer;
    }

    static RebalanceListener listening(MemberListener listener) {
        return new RebalanceListener() {
            @Override
            public void onAssigned(Set<TopicPartition> partitions) {
                listener.assigned(places(partitions));
            }

            @Override
            public void onRevoked(Set<TopicPartition> partitions) {
                listener.revoked(places(partitions));
            }

            @Override
            public void onLost(Set<TopicPartition> partitions) {
                listener.lost(places(partitions));
            }
        };
    }

    private static Set<Place> places(Set<TopicPartition> partitions) {
        return partitions.stream().map(GrpcPorts::place).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Answer<Long> position(Place place) {
        try {
            return Answer.ok(consumer.position(GrpcPorts.partition(place)));
        } catch (LogException | IllegalArgumentException failure) {
            return GrpcErrors.ofCall(failure);
        }
    }

    @Override
    public List<Received> poll(Duration timeout) throws OutOfRange {
        try {
            return GrpcReader.received(consumer.poll(timeout));
        } catch (OffsetOutOfRange outside) {
            throw GrpcReader.outOfRange(outside);
        } catch (LogException failure) {
            return List.of();
        }
    }

    @Override
    public void seek(Place place, long offset) {
        consumer.seek(GrpcPorts.partition(place), Position.offset(offset));
    }

    @Override
    public Answer<Boolean> commit(Map<Place, Long> offsets) {
        try {
            consumer.commit(committed(offsets));
            return Answer.ok(true);
        } catch (LogException failure) {
            return GrpcErrors.ofCall(failure);
        } catch (IllegalArgumentException notAssigned) {
            return Answer.fail(notAssigned.toString());
        }
    }

    @Override
    public CompletableFuture<Answer<Boolean>> commitAsync(Map<Place, Long> offsets) {
        try {
            return consumer.commitAsync(committed(offsets))
                    .handle((done, failure) -> failure == null ? Answer.ok(true) : GrpcErrors.<Boolean>ofCall(failure));
        } catch (IllegalArgumentException notAssigned) {
            return CompletableFuture.completedFuture(Answer.fail(notAssigned.toString()));
        }
    }

    private static Map<TopicPartition, CommittedOffset> committed(Map<Place, Long> offsets) {
        Map<TopicPartition, CommittedOffset> all = new HashMap<>();
        offsets.forEach((place, offset) -> all.put(GrpcPorts.partition(place), CommittedOffset.of(offset)));
        return all;
    }

    @Override
    public void close() {
        consumer.close();
    }
}

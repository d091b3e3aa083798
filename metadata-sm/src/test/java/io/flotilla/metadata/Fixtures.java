package io.flotilla.metadata;

import io.flotilla.metadata.MetadataCommand.CreateTopic;
import io.flotilla.metadata.MetadataCommand.RegisterBroker;
import io.flotilla.metadata.core.Applied;
import io.flotilla.metadata.core.Transition;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/** Commands and images that tests start from. */
public final class Fixtures {
    public static final String CLUSTER = "test_cluster";
    public static final long NOW_MILLIS = 1_700_000_000_000L;

    private Fixtures() {}

    /** Broker n has directory {@code dir_n} and its Raft port at 9100 + n. */
    public static RegisterBroker broker(int id) {
        return broker(id, "dir_" + id, "");
    }

    public static RegisterBroker broker(int id, String directoryId, String rack) {
        Endpoint grpc = new Endpoint("host-" + id, 9000 + id);
        return new RegisterBroker(id, directoryId, grpc, new Endpoint("host-" + id, 9100 + id), rack, NOW_MILLIS, 0);
    }

    /** The same with room for so many replicas. */
    public static RegisterBroker brokerWithRoom(int id, int replicasMax) {
        RegisterBroker broker = broker(id);
        return new RegisterBroker(
                id, broker.directoryId(), broker.grpc(), broker.raft(), broker.rack(), NOW_MILLIS, replicasMax);
    }

    /** A topic whose id is a function of its name. */
    public static CreateTopic topic(String name, int partitionCount, int replicationFactor) {
        return new CreateTopic(
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
                name,
                partitionCount,
                replicationFactor,
                Map.of());
    }

    /** The image after commands that must all be accepted. */
    public static MetadataImage imageAfter(MetadataCommand... commands) {
        return imageAfter(MetadataImage.empty(CLUSTER), commands);
    }

    /** The image that commands make of another one, which must all be accepted. */
    public static MetadataImage imageAfter(MetadataImage before, MetadataCommand... commands) {
        MetadataImage image = before;
        for (MetadataCommand command : commands) {
            image = accepted(Transition.apply(image, command)).image();
        }
        return image;
    }

    /** Why a command was rejected, which it must be. */
    public static Outcome.Rejected rejected(MetadataImage image, MetadataCommand command) {
        Applied applied = Transition.apply(image, command);
        if (applied.outcome() instanceof Outcome.Rejected rejected
                && applied.image().equals(image)) {
            return rejected;
        }
        throw new AssertionError("not rejected: " + command + ", " + applied.outcome());
    }

    public static Applied accepted(Applied applied) {
        if (applied.outcome() instanceof Outcome.Rejected rejected) {
            throw new AssertionError("rejected: " + rejected.message());
        }
        return applied;
    }
}

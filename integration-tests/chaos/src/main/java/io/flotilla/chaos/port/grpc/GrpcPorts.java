package io.flotilla.chaos.port.grpc;

import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.port.AdminPort;
import io.flotilla.chaos.port.ClientPort;
import io.flotilla.chaos.port.MemberListener;
import io.flotilla.chaos.port.MemberOptions;
import io.flotilla.chaos.port.MemberPort;
import io.flotilla.chaos.port.Ports;
import io.flotilla.chaos.port.ProducerOptions;
import io.flotilla.chaos.port.ProducerPort;
import io.flotilla.chaos.port.ReaderPort;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.ConsumerSettings;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupSettings;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.TopicPartition;
import java.time.Duration;

/** Opens clients of the Java SDK. */
public final class GrpcPorts implements Ports {
    /** A producer that cannot even learn of its topic is to say so long before its thread counts as stuck. */
    private static final Duration BLOCK_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration ATTEMPT_TIMEOUT_MAX = Duration.ofSeconds(5);

    @Override
    public ClientPort connect(String bootstrap, Duration timeout) {
        Duration attempt = timeout.compareTo(ATTEMPT_TIMEOUT_MAX) < 0 ? timeout : ATTEMPT_TIMEOUT_MAX;
        return new Connected(FlotillaClient.connect(
                ClientSettings.of(bootstrap).withRequestTimeout(timeout).withAttemptTimeout(attempt)));
    }

    static TopicPartition partition(Place place) {
        return new TopicPartition(place.topic(), place.partition());
    }

    static Place place(TopicPartition partition) {
        return new Place(partition.topic(), partition.partition());
    }

    private record Connected(FlotillaClient client) implements ClientPort {
        @Override
        public ProducerPort producer(ProducerOptions options) {
            return new GrpcProducer(client.producer(ProducerSettings.DEFAULT
                    .withInFlightBatches(options.inFlight())
                    .withBatchBytes(options.batchBytes())
                    .withLinger(options.linger())
                    .withCompression(options.compression())
                    .withBlockTimeout(BLOCK_TIMEOUT)
                    .withDeliveryTimeout(options.deliveryTimeout())));
        }

        @Override
        public ReaderPort reader(int pollRecordsMax) {
            return new GrpcReader(client.consumer(ConsumerSettings.DEFAULT.withPollRecordsMax(pollRecordsMax)));
        }

        @Override
        public MemberPort member(MemberOptions options, MemberListener listener) {
            return new GrpcMember(client.groupConsumer(
                    GroupSettings.of(options.group(), options.topics().toArray(new String[0]))
                            .withClientId(options.name())
                            .withAutoCommitInterval(Duration.ZERO)
                            .withSessionTimeout(options.sessionTimeout())
                            .withPollIntervalMax(options.pollIntervalMax())
                            .withListener(GrpcMember.listening(listener))));
        }

        @Override
        public AdminPort admin() {
            return new GrpcAdmin(client.admin());
        }

        @Override
        public void close() {
            client.close();
        }
    }
}

package io.flotilla.chaos.port.grpc;

import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.port.Answer;
import io.flotilla.chaos.port.ProducerPort;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The SDK's producers are idempotent always. */
final class GrpcProducer implements ProducerPort {
    private final Producer producer;

    GrpcProducer(Producer producer) {
        this.producer = producer;
    }

    @Override
    public CompletableFuture<Answer<Long>> send(Place place, byte[] key, byte[] value) {
        CompletableFuture<io.flotilla.client.RecordMetadata> sent;
        try {
            sent = producer.send(ProducerRecord.of(GrpcPorts.partition(place), key, value));
        } catch (IllegalStateException closed) {
            return CompletableFuture.completedFuture(Answer.fail("the producer is closed"));
        }
        return sent.handle((metadata, failure) ->
                failure == null ? Answer.ok(metadata.offset()) : GrpcErrors.<Long>ofSend(failure));
    }

    @Override
    public boolean isIdempotent() {
        return true;
    }

    @Override
    public void close(Duration timeout) {
        producer.close(timeout);
    }
}

package io.flotilla.chaos.port.grpc;

import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.port.OutOfRange;
import io.flotilla.chaos.port.ReaderPort;
import io.flotilla.chaos.port.Received;
import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.Position;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.OffsetOutOfRange;
import java.time.Duration;
import java.util.List;
import java.util.Map;

final class GrpcReader implements ReaderPort {
    private final Consumer consumer;
    private String error = "";

    GrpcReader(Consumer consumer) {
        this.consumer = consumer;
    }

    @Override
    public void assign(Map<Place, Long> offsets) {
        consumer.assign(offsets.keySet().stream().map(GrpcPorts::partition).toList());
        offsets.forEach(this::seek);
    }

    @Override
    public void seek(Place place, long offset) {
        consumer.seek(GrpcPorts.partition(place), Position.offset(offset));
    }

    @Override
    public List<Received> poll(Duration timeout) throws OutOfRange {
        try {
            return received(consumer.poll(timeout));
        } catch (OffsetOutOfRange outside) {
            throw outOfRange(outside);
        } catch (LogException failure) {
            error = GrpcErrors.text(failure);
            return List.of();
        }
    }

    static OutOfRange outOfRange(OffsetOutOfRange outside) {
        return new OutOfRange(
                GrpcErrors.text(outside), outside.offset(), outside.logStartOffset(), outside.highWatermark());
    }

    static List<Received> received(List<ConsumerRecord> records) {
        return records.stream()
                .map(record -> new Received(
                        GrpcPorts.place(record.partition()),
                        record.offset(),
                        record.timestampMillis(),
                        record.key(),
                        record.value()))
                .toList();
    }

    @Override
    public String takeError() {
        String last = error;
        error = "";
        return last;
    }

    @Override
    public void close() {
        consumer.close();
    }
}

package io.flotilla.client.typed;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.Position;
import io.flotilla.client.TopicPartition;

/**
 * A record whose key or value its deserializer refused. The cause is what the deserializer threw.
 *
 * <p>The consumer stands in front of the record and loses nothing: it goes on behind it after {@code
 * consumer.seek(failure.partition(), failure.behind())}.
 */
public final class DeserializationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ConsumerRecord record;

    DeserializationException(ConsumerRecord record, String part, RuntimeException cause) {
        super(
                record.partition() + " at offset " + record.offset() + ": the " + part
                        + " cannot be deserialized; read the topic with the deserializer it was written for, or seek to "
                        + "offset " + (record.offset() + 1) + " to go on behind it: " + cause.getMessage(),
                cause);
        this.record = record;
    }

    /** The record as it is stored, for instance to put it elsewhere. */
    public ConsumerRecord record() {
        return record;
    }

    public TopicPartition partition() {
        return record.partition();
    }

    public long offset() {
        return record.offset();
    }

    /** Where to seek to in order to go on without the record. */
    public Position behind() {
        return Position.behind(record);
    }
}

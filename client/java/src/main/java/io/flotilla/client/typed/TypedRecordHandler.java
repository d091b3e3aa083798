package io.flotilla.client.typed;

import java.util.List;

/** Processes the records that a {@link io.flotilla.client.ConsumerLoop} has read, as objects. */
@FunctionalInterface
public interface TypedRecordHandler<K, V> {
    /**
     * Processes these records, as {@link io.flotilla.client.RecordHandler#handle} does. The records of one poll come in
     * several calls if there is one among them that cannot be read.
     *
     * @param records at least one; those of one partition in order of their offsets
     * @throws Exception ends the loop; what the last poll has read is not committed
     */
    void handle(List<TypedConsumerRecord<K, V>> records) throws Exception;
}

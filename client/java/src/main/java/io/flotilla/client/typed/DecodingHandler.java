package io.flotilla.client.typed;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.RecordHandler;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes a loop's records for a handler of objects, and gives those that cannot be read to a policy, in the order in which
 * they were read.
 */
public final class DecodingHandler<K, V> implements RecordHandler {
    private final RecordDecoder<K, V> decoder;
    private final TypedRecordHandler<K, V> handler;
    private final UnreadableRecords unreadable;

    public DecodingHandler(
            Deserializer<K> keys,
            Deserializer<V> values,
            TypedRecordHandler<K, V> handler,
            UnreadableRecords unreadable) {
        this.decoder = new RecordDecoder<>(keys, values);
        this.handler = handler;
        this.unreadable = unreadable;
    }

    @Override
    public void handle(List<ConsumerRecord> records) throws Exception {
        List<TypedConsumerRecord<K, V>> decoded = new ArrayList<>(records.size());
        for (ConsumerRecord record : records) {
            try {
                decoded.add(decoder.decode(record));
            } catch (DeserializationException failure) {
                if (!decoded.isEmpty()) {
                    handler.handle(decoded);
                    decoded = new ArrayList<>();
                }
                unreadable.handle(failure);
            }
        }
        if (!decoded.isEmpty()) {
            handler.handle(decoded);
        }
    }
}

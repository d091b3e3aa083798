package io.flotilla.client.typed;

/** Both directions of one form of bytes: what is serialized comes back equal. */
public interface Serde<T> extends Serializer<T>, Deserializer<T> {
    /** A serde of two halves. */
    static <T> Serde<T> of(Serializer<T> serializer, Deserializer<T> deserializer) {
        return new Serde<>() {
            @Override
            public byte[] serialize(String topic, T data) {
                return serializer.serialize(topic, data);
            }

            @Override
            public T deserialize(String topic, byte[] data) {
                return deserializer.deserialize(topic, data);
            }
        };
    }
}

package io.flotilla.client.typed;

/**
 * Turns objects into the bytes of keys or values.
 *
 * <p>Threading: a producer calls it on whatever threads send, several at a time.
 */
@FunctionalInterface
public interface Serializer<T> {
    /**
     * @param topic where the record goes
     * @param data  never null: an absent key or value is not serialized
     * @return the bytes, which nobody changes any more
     * @throws RuntimeException if the object cannot be written; the record is then not sent
     */
    byte[] serialize(String topic, T data);
}

package io.flotilla.client.typed;

/**
 * Turns the bytes of keys or values into objects.
 *
 * <p>Threading: a consumer calls it on the thread that polls; one that is given to several consumers is called by each of
 * them.
 */
@FunctionalInterface
public interface Deserializer<T> {
    /**
     * @param topic where the record is from
     * @param data  never null: an absent key or value is not deserialized. Not to be changed
     * @throws RuntimeException if the bytes are malformed; the message reaches the user
     */
    T deserialize(String topic, byte[] data);
}

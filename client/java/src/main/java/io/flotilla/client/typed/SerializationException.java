package io.flotilla.client.typed;

/** A key or value that its serializer refused: the record is not sent. The cause is what the serializer threw. */
public final class SerializationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SerializationException(String topic, String part, RuntimeException cause) {
        super(
                "the " + part + " of a record for topic " + topic + " cannot be serialized, nothing is sent: "
                        + cause.getMessage(),
                cause);
    }
}

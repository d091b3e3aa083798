package io.flotilla.client.typed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * JSON by Jackson, which the application has to have on its class path: no other class of the client knows it.
 *
 * <p>Threading: safe, as a mapper is that is not reconfigured.
 */
public final class JsonSerde<T> implements Serde<T> {
    private final ObjectWriter writer;
    private final ObjectReader reader;

    private JsonSerde(ObjectMapper mapper, JavaType type) {
        this.writer = mapper.writerFor(type);
        this.reader = mapper.readerFor(type).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /**
     * With a mapper that ignores properties which the type does not have, so that producers can add some before consumers
     * know them.
     */
    public static <T> JsonSerde<T> of(Class<T> type) {
        ObjectMapper mapper = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        return new JsonSerde<>(mapper, mapper.constructType(type));
    }

    /** With the application's own mapper, which must not be reconfigured afterwards. */
    public static <T> JsonSerde<T> of(ObjectMapper mapper, TypeReference<T> type) {
        return new JsonSerde<>(mapper, mapper.constructType(type));
    }

    @Override
    public byte[] serialize(String topic, T data) {
        try {
            return writer.writeValueAsBytes(data);
        } catch (JsonProcessingException unwritable) {
            throw new IllegalArgumentException("no JSON: " + unwritable.getOriginalMessage(), unwritable);
        }
    }

    /** The JSON null is refused: a record without a value has no bytes. */
    @Override
    public T deserialize(String topic, byte[] data) {
        T value;
        try {
            value = reader.readValue(data);
        } catch (JsonProcessingException malformed) {
            // Without the source, which may hold the user's secrets.
            throw new IllegalArgumentException("not the JSON expected: " + malformed.getOriginalMessage(), malformed);
        } catch (IOException impossible) {
            throw new IllegalStateException("reading from memory failed", impossible);
        }
        if (value == null) {
            throw new IllegalArgumentException("JSON null; a record without a value has no bytes");
        }
        return value;
    }
}

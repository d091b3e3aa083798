package io.flotilla.client.typed;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The forms of bytes that come with the client. Each may be used by any number of threads. */
public final class Serdes {
    private static final Serde<byte[]> BYTES = Serde.of((topic, data) -> data, (topic, data) -> data);
    private static final Serde<String> STRING = Serde.of(Serdes::encode, Serdes::decode);
    private static final Serde<Long> INT64 = Serde.of(
            (topic, number) -> ByteBuffer.allocate(Long.BYTES).putLong(number).array(), Serdes::readLong);

    private Serdes() {}

    /** Bytes as they are, not copied. */
    public static Serde<byte[]> bytes() {
        return BYTES;
    }

    /** UTF-8. Unpaired surrogates are not written and malformed bytes are not read; nothing is replaced silently. */
    public static Serde<String> string() {
        return STRING;
    }

    /** 8 bytes, big-endian, as Kafka's LongSerializer writes them; other lengths are not read. */
    public static Serde<Long> int64() {
        return INT64;
    }

    /**
     * JSON in UTF-8, by Jackson's rules for the type; see {@link JsonSerde#of(Class)}.
     *
     * @throws IllegalStateException if Jackson is not on the class path: the client needs it for this only
     */
    public static <T> Serde<T> json(Class<T> type) {
        try {
            return JsonSerde.of(type);
        } catch (NoClassDefFoundError missing) {
            throw new IllegalStateException(
                    "JSON needs Jackson on the class path: add com.fasterxml.jackson.core:jackson-databind", missing);
        }
    }

    /**
     * A protobuf message, without a length or a schema id around it.
     *
     * @param example any message of the type, such as {@code Order.getDefaultInstance()}
     */
    public static <M extends MessageLite> Serde<M> protobuf(M example) {
        @SuppressWarnings("unchecked") // a message's own parser makes messages of its type
        Parser<M> parser = (Parser<M>) example.getParserForType();
        return Serde.of((topic, message) -> message.toByteArray(), (topic, data) -> parse(parser, data));
    }

    private static byte[] encode(String topic, String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            byte[] data = new byte[encoded.remaining()];
            encoded.get(data);
            return data;
        } catch (CharacterCodingException malformed) {
            throw new IllegalArgumentException(
                    "text of " + text.length() + " characters has a surrogate without its pair", malformed);
        }
    }

    private static String decode(String topic, byte[] data) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(data))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new IllegalArgumentException("not UTF-8: " + malformed.getMessage(), malformed);
        }
    }

    private static Long readLong(String topic, byte[] data) {
        if (data.length != Long.BYTES) {
            throw new IllegalArgumentException("a 64-bit number has 8 bytes, not " + data.length);
        }
        return ByteBuffer.wrap(data).getLong();
    }

    private static <M extends MessageLite> M parse(Parser<M> parser, byte[] data) {
        try {
            return parser.parseFrom(data);
        } catch (InvalidProtocolBufferException malformed) {
            throw new IllegalArgumentException("not the protobuf message: " + malformed.getMessage(), malformed);
        }
    }
}

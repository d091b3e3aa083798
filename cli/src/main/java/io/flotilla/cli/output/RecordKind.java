package io.flotilla.cli.output;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.protocol.record.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records as {@code consume} prints them in the formats other than the user's own pattern. */
public final class RecordKind {
    public static final String NAME = "Record";

    private RecordKind() {}

    /** What {@code -o name} prints: {@code orders/3@42}. */
    public static String nameOf(ConsumerRecord record) {
        return nameOf(record.partition().topic(), record.partition().partition(), record.offset());
    }

    public static String nameOf(String topic, int partition, long offset) {
        return topic + "/" + partition + "@" + offset;
    }

    /** The JSON object. Bytes that are not UTF-8 come in Base64 under {@code keyBase64} and {@code valueBase64}. */
    public static Map<String, Object> fieldsOf(ConsumerRecord record) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("topic", record.partition().topic());
        fields.put("partition", record.partition().partition());
        fields.put("offset", record.offset());
        fields.put("timestamp", Instant.ofEpochMilli(record.timestampMillis()));
        putBytes(fields, "key", record.key());
        putBytes(fields, "value", record.value());
        fields.put(
                "headers", record.headers().stream().map(RecordKind::fieldsOf).toList());
        return fields;
    }

    private static Map<String, Object> fieldsOf(RecordHeader header) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("key", header.key());
        putBytes(fields, "value", header.value());
        return fields;
    }

    @SuppressWarnings("NullAway") // the tree holds null for JSON's null
    private static void putBytes(Map<String, Object> fields, String name, byte @Nullable [] bytes) {
        String text = bytes == null ? null : textOf(bytes);
        if (bytes != null && text == null) {
            fields.put(name + "Base64", Base64.getEncoder().encodeToString(bytes));
        } else {
            fields.put(name, text);
        }
    }

    /** The bytes as text, null if they are not UTF-8. */
    private static @Nullable String textOf(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }
}

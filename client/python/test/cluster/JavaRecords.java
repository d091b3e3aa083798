import io.flotilla.client.ClientSettings;
import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.record.Compression;
import io.flotilla.protocol.record.RecordHeader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The Java client's side of the tests that both clients read each other's records. Records are lines: time, key, value
 * and headers, in hexadecimal, {@code ~} for null; see lines.py.
 *
 * <p>{@code write BOOTSTRAP CODEC=TOPIC…} appends those of stdin to partition 0 of each topic; {@code read BOOTSTRAP
 * TOPIC…} prints those of partition 0 of each topic.
 */
final class JavaRecords {
    private static final Duration POLL_TIMEOUT = Duration.ofSeconds(10);

    public static void main(String[] arguments) throws IOException {
        List<String> topics = List.of(arguments).subList(2, arguments.length);
        try (FlotillaClient client = FlotillaClient.connect(ClientSettings.of(arguments[1]))) {
            if (arguments[0].equals("write")) {
                List<String> lines = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
                for (String topic : topics) {
                    String[] codecAndName = topic.split("=");
                    write(client, Compression.ofName(codecAndName[0]), codecAndName[1], lines);
                }
            } else {
                for (String topic : topics) {
                    read(client, new TopicPartition(topic, 0)).forEach(System.out::println);
                }
            }
        }
    }

    private static void write(FlotillaClient client, Compression codec, String topic, List<String> lines) {
        try (Producer producer = client.producer(ProducerSettings.DEFAULT.withCompression(codec))) {
            lines.stream().map(line -> producer.send(record(topic, line))).toList().forEach(sent -> sent.join());
        }
    }

    private static ProducerRecord record(String topic, String line) {
        String[] columns = line.split(" ");
        List<RecordHeader> headers = new ArrayList<>();
        for (int i = 3; i < columns.length; i++) {
            String[] keyAndValue = columns[i].split("=", 2);
            String key = new String(bytes(keyAndValue[0]), StandardCharsets.UTF_8);
            headers.add(new RecordHeader(key, bytes(keyAndValue[1])));
        }
        return ProducerRecord.of(new TopicPartition(topic, 0), bytes(columns[1]), bytes(columns[2]))
                .withHeaders(headers)
                .withTimestamp(Long.parseLong(columns[0]));
    }

    private static List<String> read(FlotillaClient client, TopicPartition partition) {
        List<String> lines = new ArrayList<>();
        try (Consumer consumer = client.consumer()) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(POLL_TIMEOUT).forEach(record -> lines.add(line(record)));
            }
        }
        return lines;
    }

    private static String line(ConsumerRecord record) {
        String headers = record.headers().stream()
                .map(header -> " " + text(header.key().getBytes(StandardCharsets.UTF_8)) + "=" + text(header.value()))
                .collect(Collectors.joining());
        return record.timestampMillis() + " " + text(record.key()) + " " + text(record.value()) + headers;
    }

    private static byte[] bytes(String text) {
        return text.equals("~") ? null : HexFormat.of().parseHex(text.substring(1));
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "~" : "x" + HexFormat.of().formatHex(bytes);
    }
}

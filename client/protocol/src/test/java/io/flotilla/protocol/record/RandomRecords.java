package io.flotilla.protocol.record;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Records drawn from a seed: null and empty fields, headers, timestamps that go back, big values, text and noise. */
final class RandomRecords {
    private static final long NOW_MILLIS = 1_790_000_000_000L;
    private static final String WORDS = "the quick brown fox jumps over the lazy dog and comes back for more of it ";

    private final Random random;

    RandomRecords(long seed) {
        this.random = new Random(seed);
    }

    /** From 1 to {@code countMax} records with offsets from 0; about one in eight has a value of up to 100 KiB. */
    List<LogRecord> next(int countMax) {
        int count = 1 + random.nextInt(countMax);
        List<LogRecord> records = new ArrayList<>();
        for (int offset = 0; offset < count; offset++) {
            int valueBytesMax = random.nextInt(8) == 0 ? 100 * 1024 : 300;
            records.add(new LogRecord(offset, timestamp(), bytes(40), bytes(valueBytesMax), headers()));
        }
        return records;
    }

    private long timestamp() {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> Long.MAX_VALUE / 2;
            default -> NOW_MILLIS + random.nextInt(20_000) - 10_000;
        };
    }

    private List<RecordHeader> headers() {
        List<RecordHeader> headers = new ArrayList<>();
        for (int left = random.nextInt(3) == 0 ? random.nextInt(5) : 0; left > 0; left--) {
            String key = List.of("", "trace-id", "größe", "航海", "\uD83D\uDEA2").get(random.nextInt(5));
            headers.add(new RecordHeader(key, bytes(20)));
        }
        return headers;
    }

    private byte @Nullable [] bytes(int lengthMax) {
        return switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> noise(random.nextInt(lengthMax + 1));
            default -> text(random.nextInt(lengthMax + 1));
        };
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] text(int length) {
        int start = random.nextInt(WORDS.length());
        String repeated = WORDS.repeat(2 + (start + length) / WORDS.length());
        return repeated.substring(start, start + length).getBytes(StandardCharsets.US_ASCII);
    }
}

package io.flotilla.client.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartAssemblerTest {
    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final TopicPartition P1 = new TopicPartition("orders", 1);
    private static final long TIMEOUT = TimeUnit.MINUTES.toNanos(5);
    private static final RecordHeader HEADER = new RecordHeader("source", new byte[] {1});

    private final List<String> leftOut = new ArrayList<>();
    private final PartAssembler assembler = new PartAssembler(
            1_000, TIMEOUT, (partition, offset, why) -> leftOut.add(partition + "@" + offset + " " + why));

    private static ArrayDeque<ProducerRecord> parts(byte[] value, int partBytes) {
        ProducerRecord whole = ProducerRecord.of(P0, key(), value).withHeaders(List.of(HEADER));
        ArrayDeque<ProducerRecord> parts = new ArrayDeque<>();
        new ValueCutter(whole, 0, 7, value, partBytes, UUID.nameUUIDFromBytes(value)).forEachRemaining(parts::add);
        return parts;
    }

    private static byte[] key() {
        return "alice".getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] value(int length, int seed) {
        byte[] value = new byte[length];
        new Random(seed).nextBytes(value);
        return value;
    }

    private static LogRecord stored(long offset, ProducerRecord record) {
        return new LogRecord(
                offset, record.timestampMillis().orElse(0), record.key(), record.value(), record.headers());
    }

    private @Nullable ConsumerRecord take(TopicPartition partition, long offset, ProducerRecord record, long now) {
        return assembler.take(partition, stored(offset, record), now);
    }

    private @Nullable ConsumerRecord take(long offset, ProducerRecord record) {
        return take(P0, offset, record, 0);
    }

    @Test
    void shouldReturnAValueWithItsLastPart() {
        byte[] value = value(250, 1);
        List<ProducerRecord> parts = List.copyOf(parts(value, 100));

        assertThat(parts).hasSize(3).allSatisfy(part -> assertThat(part.key()).isEqualTo(key()));
        assertThat(take(10, parts.get(0))).isNull();
        assertThat(assembler.firstOffset(P0)).hasValue(10);
        assertThat(take(11, parts.get(1))).isNull();
        assertThat(take(12, parts.get(2))).isEqualTo(new ConsumerRecord(P0, 12, 7, key(), value, List.of(HEADER), 10));
        assertThat(assembler.firstOffset(P0)).isEmpty();
        assertThat(assembler.bytesHeld()).isZero();
    }

    @Test
    void shouldLetOtherRecordsPass() {
        ProducerRecord plain = ProducerRecord.of(P0, null, new byte[3]).withHeaders(List.of(HEADER));
        take(0, parts(value(200, 1), 100).remove());

        ConsumerRecord returned = take(1, plain);

        assertThat(returned).isEqualTo(new ConsumerRecord(P0, 1, 0, null, new byte[3], List.of(HEADER)));
        assertThat(assembler.firstOffset(P0)).hasValue(0);
    }

    /** However parts of several values lie between each other, each comes out whole, once, where its last part is. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void everyValueComesOutWhole(int seed) {
        Random random = new Random(seed);
        PartAssembler roomy = new PartAssembler(100_000, TIMEOUT, (partition, offset, why) -> {
            throw new AssertionError("seed " + seed + ": left out " + offset + ", " + why);
        });
        Map<Integer, ArrayDeque<ProducerRecord>> underWay = new HashMap<>();
        Map<Long, byte[]> expected = new HashMap<>();
        Map<Long, byte[]> returned = new HashMap<>();
        List<byte[]> values = new ArrayList<>();
        for (int writer = 0; writer < 8; writer++) {
            values.add(value(1 + random.nextInt(2_000), seed * 100 + writer));
            underWay.put(writer, parts(values.get(writer), 1 + random.nextInt(300)));
        }

        for (long offset = 0; !underWay.isEmpty(); offset++) {
            List<Integer> writers = List.copyOf(underWay.keySet());
            int writer = writers.get(random.nextInt(writers.size()));
            ArrayDeque<ProducerRecord> left = Objects.requireNonNull(underWay.get(writer));
            ConsumerRecord whole = roomy.take(P0, stored(offset, left.remove()), offset);
            if (left.isEmpty()) {
                underWay.remove(writer);
                expected.put(offset, values.get(writer));
            }
            if (whole != null) {
                returned.put(whole.offset(), whole.value());
            }
        }

        assertThat(returned).as("seed %d", seed).hasSize(8).allSatisfy((offset, bytes) -> assertThat(bytes)
                .isEqualTo(expected.get(offset)));
        assertThat(roomy.bytesHeld()).isZero();
    }

    @Test
    void shouldTakePartsThatAreReadAgain() {
        byte[] value = value(250, 1);
        List<ProducerRecord> parts = List.copyOf(parts(value, 100));
        take(0, parts.get(0));
        take(1, parts.get(1));

        assertThat(take(1, parts.get(1))).isNull(); // the consumer moved back for another record
        assertThat(take(2, parts.get(2))).isNotNull();
        take(0, parts.get(0)); // and once more, from the value's first part
        take(1, parts.get(1));
        assertThat(take(2, parts.get(2))).isNotNull();
        assertThat(leftOut).isEmpty();
    }

    @Test
    void shouldGiveUpWhatGetsNoMorePartsOnceThePartitionIsReadToItsEnd() {
        take(P0, 0, parts(value(200, 1), 100).remove(), 5);
        take(P1, 0, parts(value(200, 2), 100).remove(), 5);

        assembler.expire(5 + TIMEOUT - 1, partition -> true);
        assertThat(leftOut).isEmpty();
        assembler.expire(5 + TIMEOUT, partition -> partition.equals(P0));
        assertThat(leftOut).containsExactly("orders-0@0 no part came for 300000 ms, its producer has failed");
        assertThat(assembler.firstOffset(P0)).isEmpty();
        assertThat(assembler.firstOffset(P1)).hasValue(0);
        assertThat(assembler.bytesHeld()).isEqualTo(200);
    }

    @Test
    void shouldHoldNoMoreThanTheBound() {
        take(P0, 0, parts(value(600, 1), 100).remove(), 1);
        take(P1, 0, parts(value(300, 2), 100).remove(), 2);
        take(P0, 1, parts(value(400, 3), 100).remove(), 3);

        assertThat(leftOut).containsExactly("orders-0@0 largeValueBytesMax 1000 is in use by later ones");
        assertThat(assembler.bytesHeld()).isEqualTo(700);
    }

    @Test
    void shouldRefuseAValueForWhichItHasNoRoomAtAll() {
        assertThatThrownBy(() -> take(4, parts(value(1_001, 1), 100).remove()))
                .isInstanceOfSatisfying(LogException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.RECORD_TOO_LARGE))
                .hasMessageContaining("1001 bytes is larger than this consumer's largeValueBytesMax 1000")
                .hasMessageContaining("seek behind offset 4");
    }

    @Test
    void shouldLeaveOutOnceWhatBeganBeforeItsFirstRecord() {
        List<ProducerRecord> parts = List.copyOf(parts(value(300, 1), 100));
        take(8, parts.get(1));
        take(9, parts.get(2));

        assertThat(leftOut).containsExactly("orders-0@9 its first part was not read");
    }

    @Test
    void shouldNotReturnAValueThatIsNotWhatWasSent() {
        List<ProducerRecord> parts = List.copyOf(parts(value(200, 1), 100));
        take(0, parts.get(0));
        ProducerRecord other = ProducerRecord.of(P0, null, new byte[100])
                .withHeaders(parts.get(1).headers());

        assertThatThrownBy(() -> take(1, other))
                .isInstanceOfSatisfying(LogException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.CORRUPT_BATCH))
                .hasMessageContaining("from offset 0 is not what was sent");
    }

    @Test
    void shouldLeaveOutOnceWhatLacksAPart() {
        List<ProducerRecord> parts = List.copyOf(parts(value(400, 1), 100));
        take(0, parts.get(0));

        assertThat(take(1, parts.get(2))).isNull();
        assertThat(take(2, parts.get(3))).isNull();
        assertThat(leftOut).containsExactly("orders-0@0 a part of it was never sent");
        assertThat(assembler.bytesHeld()).isZero();
    }

    @Test
    void shouldForgetWhatIsReadFromElsewhere() {
        take(P0, 0, parts(value(200, 1), 100).remove(), 0);
        take(P1, 0, parts(value(200, 2), 100).remove(), 0);

        assembler.forget(P0);
        assertThat(assembler.bytesHeld()).isEqualTo(200);
        assembler.retain(Set.of());
        assertThat(assembler.bytesHeld()).isZero();
        assertThat(leftOut).isEmpty();
    }

    @Test
    void shouldRefuseHeadersItDoesNotUnderstand() {
        assertThatThrownBy(() -> PartHeader.in(List.of(new RecordHeader(PartHeader.KEY, new byte[] {2, 0}))))
                .hasMessageContaining("version 2, this client knows 1");
        assertThatThrownBy(() -> PartHeader.in(List.of(new RecordHeader(PartHeader.KEY, new byte[] {1, 0}))))
                .hasMessageContaining("2 bytes instead of 33");
        assertThatThrownBy(() -> PartHeader.in(List.of(new PartHeader(new UUID(1, 2), 3, 3, 9, 0).encode())))
                .hasMessageContaining("part 3 of 3 of 9 bytes");
        assertThat(PartHeader.in(List.of(HEADER))).isEmpty();
    }

    /** The bytes as documented, for other clients. */
    @Test
    void shouldWriteTheHeaderAsDocumented() {
        PartHeader header = new PartHeader(new UUID(0x0102030405060708L, 0x090A0B0C0D0E0F10L), 1, 3, 250, 0xCAFEBABE);

        assertThat(header.encode().key()).isEqualTo("flotilla.part");
        assertThat(header.encode().value())
                .asHexString()
                .isEqualTo("010102030405060708090A0B0C0D0E0F100000000100000003000000FACAFEBABE");
        assertThat(PartHeader.in(List.of(HEADER, header.encode()))).contains(header);
    }
}

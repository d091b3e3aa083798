package io.flotilla.client.parts;

import io.flotilla.client.ProducerRecord;
import io.flotilla.protocol.record.RecordHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Cuts a record's value into parts: records with the same key, partition and timestamp. The first one has the record's
 * headers too. Each is made when it is asked for, so that one copy of a part is in memory, not of all.
 */
public final class ValueCutter implements Iterator<ProducerRecord> {
    private final ProducerRecord whole;
    private final byte[] value;
    private final int partBytes;
    private final PartHeader first;
    private int next;

    /**
     * @param partition       of all parts
     * @param timestampMillis of all parts, milliseconds since the epoch
     * @param value           of the record, at least one byte
     * @param partBytes       length of each part but the last, 1 or more
     * @param series          an id that no other value has
     */
    public ValueCutter(
            ProducerRecord record, int partition, long timestampMillis, byte[] value, int partBytes, UUID series) {
        this.whole = new ProducerRecord(
                record.topic(),
                OptionalInt.of(partition),
                record.key(),
                null,
                record.headers(),
                OptionalLong.of(timestampMillis));
        this.value = value;
        this.partBytes = partBytes;
        CRC32C crc = new CRC32C();
        crc.update(value);
        this.first =
                new PartHeader(series, 0, (int) (((long) value.length + partBytes - 1) / partBytes), value.length, (int)
                        crc.getValue());
    }

    /** Bytes that the header of parts adds to a record. */
    public static RecordHeader exampleHeader() {
        return new PartHeader(new UUID(0, 0), 0, 1, 1, 0).encode();
    }

    public int count() {
        return first.count();
    }

    @Override
    public boolean hasNext() {
        return next < first.count();
    }

    @Override
    public ProducerRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the value has " + first.count() + " parts");
        }
        List<RecordHeader> headers = new ArrayList<>();
        if (next == 0) {
            headers.addAll(whole.headers());
        }
        headers.add(new PartHeader(first.series(), next, first.count(), first.valueBytes(), first.crc()).encode());
        int begin = next * partBytes;
        byte[] part = Arrays.copyOfRange(value, begin, (int) Math.min((long) begin + partBytes, value.length));
        next++;
        return new ProducerRecord(
                whole.topic(), whole.partition(), whole.key(), part, headers, whole.timestampMillis());
    }
}

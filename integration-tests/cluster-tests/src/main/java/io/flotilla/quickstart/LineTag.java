package io.flotilla.quickstart;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.cluster.history.ValueId;
import io.flotilla.protocol.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.List;

/** Names a line in a header of its record, since key and value are kept byte for byte: its number, 8 bytes, from 0. */
final class LineTag {
    private static final String HEADER = "quickstart.line";
    private static final int PRODUCER = 0;

    private LineTag() {}

    static ValueId idOf(long number) {
        return new ValueId(PRODUCER, number);
    }

    static List<RecordHeader> headersFor(long number) {
        return List.of(new RecordHeader(
                HEADER, ByteBuffer.allocate(Long.BYTES).putLong(number).array()));
    }

    static ValueId idOf(ConsumerRecord record) {
        if (record.headers().size() != 1 || !record.headers().get(0).key().equals(HEADER)) {
            return ValueId.UNRECOGNISED;
        }
        byte[] number = record.headers().get(0).value();
        return number == null || number.length != Long.BYTES
                ? ValueId.UNRECOGNISED
                : idOf(ByteBuffer.wrap(number).getLong());
    }
}

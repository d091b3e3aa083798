package io.flotilla.raftlog.partition;

import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The Raft entry by which batches come into a partition's log.
 *
 * <table>
 * <caption>Body, behind the {@link EntryHeader} that counts the batches, 1 or more; integers big-endian</caption>
 * <tr><th>At</th><th>Bytes</th><th>Field</th></tr>
 * <tr><td>48</td><td></td><td>for each batch its size in bytes (4) and the batch, a RecordBatch v2 with its own CRC</td></tr>
 * </table>
 *
 * @param proposedAtMillis wall clock of the proposer, milliseconds since the epoch
 * @param batches          views of the entry's bytes
 */
record AppendEntry(PartitionId partition, long proposedAtMillis, List<RecordBatch> batches) implements PartitionEntry {
    /** Bytes an entry needs for a batch besides those of the batch. */
    static final int BATCH_OVERHEAD_BYTES = Integer.BYTES;

    /** Copies batches, each from position to limit, into one entry. */
    static ByteBuffer encode(PartitionId partition, long proposedAtMillis, List<ByteBuffer> batches) {
        int bodyBytes = 0;
        for (ByteBuffer batch : batches) {
            bodyBytes = Math.addExact(bodyBytes, BATCH_OVERHEAD_BYTES + batch.remaining());
        }
        ByteBuffer entry = new EntryHeader(
                        EntryHeader.Kind.APPEND, partition, proposedAtMillis, batches.size(), bodyBytes)
                .encode();
        for (ByteBuffer batch : batches) {
            entry.putInt(batch.remaining()).put(batch.duplicate());
        }
        return entry.flip();
    }

    /** Views the batches of the body, at which the buffer stands. */
    static AppendEntry decode(EntryHeader header, ByteBuffer body) throws IOException {
        return new AppendEntry(header.partition(), header.proposedAtMillis(), batchesOf(body, header.batchCount()));
    }

    private static List<RecordBatch> batchesOf(ByteBuffer body, int count) throws IOException {
        List<RecordBatch> batches = new ArrayList<>();
        try {
            while (body.hasRemaining()) {
                int size = body.remaining() < Integer.BYTES ? -1 : body.getInt();
                if (size < RecordBatch.HEADER_BYTES || size > body.remaining()) {
                    throw new IOException("entry has a batch of " + size + " bytes in the last " + body.remaining());
                }
                RecordBatch batch = RecordBatch.at(body.slice(body.position(), size), 0);
                if (batch.sizeInBytes() != size || batch.lastOffsetDelta() < 0) {
                    throw new IOException("entry has a batch of " + size + " bytes whose own header tells "
                            + batch.sizeInBytes() + " and last offset delta " + batch.lastOffsetDelta());
                }
                batch.checkCrc();
                batches.add(batch);
                body.position(body.position() + size);
            }
        } catch (Refused corrupt) {
            throw new IOException(
                    "batch " + batches.size() + " of the entry is corrupt: " + corrupt.getMessage(), corrupt);
        }
        if (batches.size() != count) {
            throw new IOException("entry has " + batches.size() + " batches, expected " + count);
        }
        return batches;
    }

    @Override
    public <R> R match(Cases<R> cases) throws IOException {
        return cases.append(this);
    }
}

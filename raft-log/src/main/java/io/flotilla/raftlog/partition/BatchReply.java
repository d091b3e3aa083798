package io.flotilla.raftlog.partition;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.rules.AppendedBatch;
import io.flotilla.raftlog.partition.rules.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the replicated state answers about one batch of an entry.
 *
 * <table>
 * <caption>Answer to an entry: version (int32, 1), number of batches (int32), then for each; never leaves the
 * process</caption>
 * <tr><th>Bytes</th><th>Field</th></tr>
 * <tr><td>4</td><td>0 if the batch stands in the log, else the number of an error code</td></tr>
 * <tr><td>4</td><td>1 if it stood there before, else 0</td></tr>
 * <tr><td>8, 8</td><td>offsets of its first and last record</td></tr>
 * <tr><td>4</td><td>epoch of the leader that appended it</td></tr>
 * <tr><td>8</td><td>wall clock of that leader, milliseconds since the epoch</td></tr>
 * <tr><td>4, 4</td><td>of a refusal, the sequence (or epoch) expected and the one found</td></tr>
 * </table>
 */
record BatchReply(
        int code,
        boolean duplicate,
        long baseOffset,
        long lastOffset,
        int leaderEpoch,
        long appendTimeMillis,
        int expected,
        int actual) {
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 8;
    private static final int REPLY_BYTES = 44;
    private static final int APPENDED = 0;

    static BatchReply of(Verdict verdict, int leaderEpoch, long appendTimeMillis) {
        return verdict.match(new Verdict.Cases<>() {
            @Override
            public BatchReply accepted(Verdict.Accepted accepted) {
                return new BatchReply(
                        APPENDED,
                        false,
                        accepted.baseOffset(),
                        accepted.lastOffset(),
                        leaderEpoch,
                        appendTimeMillis,
                        0,
                        0);
            }

            @Override
            public BatchReply duplicate(Verdict.Duplicate duplicate) {
                AppendedBatch original = duplicate.original();
                return new BatchReply(
                        APPENDED,
                        true,
                        original.baseOffset(),
                        original.lastOffset(),
                        original.leaderEpoch(),
                        original.appendTimeMillis(),
                        0,
                        0);
            }

            @Override
            public BatchReply refused(Verdict.Refusal refusal) {
                return new BatchReply(
                        refusal.code().number(),
                        false,
                        -1,
                        -1,
                        leaderEpoch,
                        appendTimeMillis,
                        refusal.expected(),
                        refusal.actual());
            }
        });
    }

    static ByteBuffer encode(List<BatchReply> replies) {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + replies.size() * REPLY_BYTES);
        bytes.putInt(VERSION).putInt(replies.size());
        for (BatchReply reply : replies) {
            bytes.putInt(reply.code).putInt(reply.duplicate ? 1 : 0);
            bytes.putLong(reply.baseOffset).putLong(reply.lastOffset);
            bytes.putInt(reply.leaderEpoch).putLong(reply.appendTimeMillis);
            bytes.putInt(reply.expected).putInt(reply.actual);
        }
        return bytes.flip();
    }

    /**
     * @param count batches of the entry
     * @throws IllegalArgumentException if the bytes are not an answer to so many
     */
    static List<BatchReply> decode(ByteBuffer answer, int count) {
        ByteBuffer bytes = answer.slice();
        if (bytes.remaining() != HEADER_BYTES + count * (long) REPLY_BYTES
                || bytes.getInt() != VERSION
                || bytes.getInt() != count) {
            throw new IllegalArgumentException(bytes.limit() + " bytes are not an answer to " + count + " batches");
        }
        List<BatchReply> replies = new ArrayList<>(count);
        while (bytes.hasRemaining()) {
            replies.add(new BatchReply(
                    bytes.getInt(),
                    bytes.getInt() == 1,
                    bytes.getLong(),
                    bytes.getLong(),
                    bytes.getInt(),
                    bytes.getLong(),
                    bytes.getInt(),
                    bytes.getInt()));
        }
        return replies;
    }

    /**
     * Where the batch stands.
     *
     * @throws Refused if it was not appended
     */
    AppendResult orThrow() {
        if (code == APPENDED) {
            return new AppendResult(baseOffset, lastOffset, leaderEpoch, duplicate, appendTimeMillis);
        }
        ErrorCode reason = ErrorCode.ofNumber(code);
        String what = reason == ErrorCode.PRODUCER_FENCED ? "epoch" : "sequence";
        throw new Refused(
                reason,
                "the producer's " + what + " is " + actual + ", expected " + expected,
                Map.of("expected_" + what, Integer.toString(expected), "actual_" + what, Integer.toString(actual)));
    }
}

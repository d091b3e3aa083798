package io.flotilla.protocol.error;

import java.util.Map;

/** The offset asked for is neither readable nor the next one to come. */
public final class OffsetOutOfRange extends LogException {
    private static final long serialVersionUID = 1L;

    private final long offset;
    private final long logStartOffset;
    private final long highWatermark;

    public OffsetOutOfRange(long offset, long logStartOffset, long highWatermark) {
        this(
                "offset " + offset + " is outside [" + logStartOffset + ", " + highWatermark + "]",
                offset,
                logStartOffset,
                highWatermark);
    }

    /**
     * @param message for one who knows more than the replica does: which partition, what to do
     */
    public OffsetOutOfRange(String message, long offset, long logStartOffset, long highWatermark) {
        super(
                ErrorCode.OFFSET_OUT_OF_RANGE,
                message,
                Map.of(
                        "offset", Long.toString(offset),
                        "log_start_offset", Long.toString(logStartOffset),
                        "high_watermark", Long.toString(highWatermark)),
                null);
        this.offset = offset;
        this.logStartOffset = logStartOffset;
        this.highWatermark = highWatermark;
    }

    public long offset() {
        return offset;
    }

    public long logStartOffset() {
        return logStartOffset;
    }

    public long highWatermark() {
        return highWatermark;
    }
}

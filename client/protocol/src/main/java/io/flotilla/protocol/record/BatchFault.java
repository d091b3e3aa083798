package io.flotilla.protocol.record;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.util.Map;

/** The ways in which a batch is refused: each names the value at fault in its message and in its details. */
final class BatchFault {
    private BatchFault() {}

    /** The bytes are not what their sender made. */
    static Refused corrupt(String message, String name, long value) {
        return new Refused(ErrorCode.CORRUPT_BATCH, message, Map.of(name, Long.toString(value)));
    }

    /** The compressed records cannot be inflated; {@code cause} is what the codec had to say. */
    static Refused undecodable(Compression codec, Throwable cause) {
        return new Refused(
                ErrorCode.CORRUPT_BATCH,
                "the records cannot be inflated by " + codec + ": " + cause.getMessage(),
                Map.of("codec", codec.toString()),
                cause);
    }

    /** The bytes are whole, but break a rule. */
    static Refused invalid(String message, String name, long value) {
        return new Refused(ErrorCode.INVALID_RECORD, message, Map.of(name, Long.toString(value)));
    }

    static Refused unsupportedMagic(byte magic) {
        return new Refused(
                ErrorCode.UNSUPPORTED_VERSION,
                "batch has magic " + magic + ", the format of clients older than Kafka 0.11; only magic 2 is stored",
                Map.of("magic", Byte.toString(magic)));
    }

    static Refused tooLarge(String what, long sizeBytes, long maxBytes) {
        return new Refused(
                ErrorCode.RECORD_TOO_LARGE,
                what + " of " + sizeBytes + " bytes exceeds the limit of " + maxBytes + " bytes",
                Map.of("size_bytes", Long.toString(sizeBytes), "max_bytes", Long.toString(maxBytes)));
    }
}

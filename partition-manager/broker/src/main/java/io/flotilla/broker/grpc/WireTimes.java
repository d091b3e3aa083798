package io.flotilla.broker.grpc;

import com.google.protobuf.Timestamp;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.time.Duration;

/** Times and durations between the wire and Java. */
final class WireTimes {
    /** Protobuf's own limit of a duration: about 10,000 years. */
    private static final long SECONDS_MAX = 315_576_000_000L;

    private static final int NANOS_PER_SECOND = 1_000_000_000;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private WireTimes() {}

    static Timestamp timestamp(long epochMillis) {
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(epochMillis, 1_000L))
                .setNanos(Math.floorMod(epochMillis, 1_000) * NANOS_PER_MILLI)
                .build();
    }

    static com.google.protobuf.Duration duration(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    /** @throws Refused INVALID_REQUEST if it is negative or malformed */
    static Duration duration(String field, com.google.protobuf.Duration duration) {
        if (duration.getSeconds() < 0
                || duration.getSeconds() > SECONDS_MAX
                || duration.getNanos() < 0
                || duration.getNanos() >= NANOS_PER_SECOND) {
            throw new Refused(ErrorCode.INVALID_REQUEST, field + " is not a duration of zero or more");
        }
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }
}

package io.flotilla.cluster.history;

import java.time.Duration;
import java.util.List;

/**
 * How long clients had to wait.
 *
 * @param longestSilence longest time without any acknowledgement while values were outstanding or being sent
 * @param slowestAck     longest time from handing a value over to its acknowledgement
 */
public record Availability(Duration longestSilence, Duration slowestAck) {
    /**
     * Measures the silence between the first value handed over and the last acknowledgement; both are zero where nothing
     * was acknowledged.
     */
    public static Availability of(List<Write> writes) {
        long[] ackTimes = writes.stream()
                .flatMap(write -> write.ack().stream())
                .mapToLong(Write.Ack::nanos)
                .sorted()
                .toArray();
        if (ackTimes.length == 0) {
            return new Availability(Duration.ZERO, Duration.ZERO);
        }
        long before = writes.stream().mapToLong(Write::sentNanos).min().orElseThrow();
        long silence = 0;
        for (long ackTime : ackTimes) {
            silence = Math.max(silence, ackTime - before);
            before = ackTime;
        }
        long slowest = writes.stream()
                .flatMapToLong(write -> write.ack().stream().mapToLong(ack -> ack.nanos() - write.sentNanos()))
                .max()
                .orElse(0);
        return new Availability(Duration.ofNanos(silence), Duration.ofNanos(slowest));
    }
}

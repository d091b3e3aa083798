package io.flotilla.broker.metrics;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.raftlog.partition.AppendResult;
import io.flotilla.raftlog.partition.FetchedBatches;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times what clients have a broker do.
 *
 * <p>Each method costs some tens of nanoseconds, made of adders that threads do not contend for, and allocates nothing;
 * {@link #called} does once for each method.
 *
 * <p>Threading: safe for all threads.
 */
public final class ClientMetrics {
    private final Latencies appends = new Latencies();
    private final LongAdder appendedBytes = new LongAdder();
    private final LongAdder appendedRecords = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final Map<ErrorCode, LongAdder> appendErrors = byCode();
    private final Latencies fetches = new Latencies();
    private final LongAdder fetchedBytes = new LongAdder();
    private final LongAdder fetchedRecords = new LongAdder();
    private final Map<ErrorCode, LongAdder> errors = byCode();

    /** By the name of the method: as many as the services have. */
    private final Map<String, Latencies> calls = new ConcurrentHashMap<>();

    ClientMetrics() {}

    /** All of them from the start, so that the first error is seen as an increase. */
    private static Map<ErrorCode, LongAdder> byCode() {
        Map<ErrorCode, LongAdder> counters = new EnumMap<>(ErrorCode.class);
        for (ErrorCode code : ErrorCode.values()) {
            counters.put(code, new LongAdder());
        }
        return counters;
    }

    /**
     * A batch was answered.
     *
     * @param beganNanos when it came, by {@link System#nanoTime}
     * @param bytes      as received
     * @param result     null if it was not appended
     * @param failure    why not, null if it was
     */
    public void appended(long beganNanos, int bytes, @Nullable AppendResult result, @Nullable Throwable failure) {
        if (result == null) {
            counter(appendErrors, codeOf(failure)).increment();
            return;
        }
        appends.record(System.nanoTime() - beganNanos);
        if (result.duplicate()) {
            duplicates.increment();
        } else {
            appendedBytes.add(bytes);
            appendedRecords.add(result.lastOffset() - result.baseOffset() + 1);
        }
    }

    private static ErrorCode codeOf(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof LogException known ? known.code() : ErrorCode.INTERNAL;
    }

    /**
     * Records were read for a client; nothing is counted if there were none.
     *
     * @param beganNanos when the reading began, by {@link System#nanoTime}
     * @param offset     at which it began
     */
    public void fetched(long beganNanos, long offset, FetchedBatches read) {
        int bytes = read.batches().remaining();
        if (bytes > 0) {
            fetches.record(System.nanoTime() - beganNanos);
            fetchedBytes.add(bytes);
            fetchedRecords.add(Math.max(0, read.nextOffset() - offset));
        }
    }

    /**
     * A unary call was answered.
     *
     * @param method     one of the services' methods
     * @param beganNanos when it came, by {@link System#nanoTime}
     */
    public void called(String method, long beganNanos) {
        Latencies latencies = calls.get(method);
        if (latencies == null) {
            latencies = calls.computeIfAbsent(method, first -> new Latencies());
        }
        latencies.record(System.nanoTime() - beganNanos);
    }

    /** Somebody was told of an error. */
    public void refused(ErrorCode code) {
        counter(errors, code).increment();
    }

    private static LongAdder counter(Map<ErrorCode, LongAdder> counters, ErrorCode code) {
        return Objects.requireNonNull(counters.get(code)); // there is one for each
    }

    void tell(Samples samples) {
        samples.tell(Metric.APPEND_DURATION, appends);
        samples.tell(Metric.APPEND_BYTES, appendedBytes.sum());
        samples.tell(Metric.APPEND_RECORDS, appendedRecords.sum());
        samples.tell(Metric.APPEND_DUPLICATES, duplicates.sum());
        appendErrors.forEach((code, count) -> samples.tell(Metric.APPEND_ERRORS, count.sum(), code.name()));
        samples.tell(Metric.FETCH_DURATION, fetches);
        samples.tell(Metric.FETCH_BYTES, fetchedBytes.sum());
        samples.tell(Metric.FETCH_RECORDS, fetchedRecords.sum());
        calls.forEach((method, latencies) -> samples.tell(Metric.CALL_DURATION, latencies, method));
        errors.forEach((code, count) -> samples.tell(Metric.ERRORS, count.sum(), code.name()));
    }
}

package io.flotilla.broker.metrics;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.raftlog.partition.AppendResult;
import io.flotilla.raftlog.partition.FetchedBatches;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
    private final Instruments instruments;
    private final Timer appends;
    private final Counter appendedBytes;
    private final Counter appendedRecords;
    private final Counter duplicates;
    private final Map<ErrorCode, Counter> appendErrors;
    private final Timer fetches;
    private final Counter fetchedBytes;
    private final Counter fetchedRecords;
    private final Map<ErrorCode, Counter> errors;

    /** By the name of the method: as many as the services have. */
    private final Map<String, Timer> calls = new ConcurrentHashMap<>();

    ClientMetrics(Instruments instruments) {
        this.instruments = instruments;
        appends = instruments.histogram(Metric.APPEND_DURATION);
        appendedBytes = instruments.counter(Metric.APPEND_BYTES);
        appendedRecords = instruments.counter(Metric.APPEND_RECORDS);
        duplicates = instruments.counter(Metric.APPEND_DUPLICATES);
        appendErrors = byCode(instruments, Metric.APPEND_ERRORS);
        fetches = instruments.histogram(Metric.FETCH_DURATION);
        fetchedBytes = instruments.counter(Metric.FETCH_BYTES);
        fetchedRecords = instruments.counter(Metric.FETCH_RECORDS);
        errors = byCode(instruments, Metric.ERRORS);
    }

    /** All of them from the start, so that the first error is seen as an increase. */
    private static Map<ErrorCode, Counter> byCode(Instruments instruments, Metric metric) {
        Map<ErrorCode, Counter> counters = new EnumMap<>(ErrorCode.class);
        for (ErrorCode code : ErrorCode.values()) {
            counters.put(code, instruments.counter(metric, code.name()));
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
        appends.record(System.nanoTime() - beganNanos, TimeUnit.NANOSECONDS);
        if (result.duplicate()) {
            duplicates.increment();
        } else {
            appendedBytes.increment(bytes);
            appendedRecords.increment((double) (result.lastOffset() - result.baseOffset() + 1));
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
            fetches.record(System.nanoTime() - beganNanos, TimeUnit.NANOSECONDS);
            fetchedBytes.increment(bytes);
            fetchedRecords.increment((double) Math.max(0, read.nextOffset() - offset));
        }
    }

    /**
     * A unary call was answered.
     *
     * @param method     one of the services' methods
     * @param beganNanos when it came, by {@link System#nanoTime}
     */
    public void called(String method, long beganNanos) {
        Timer timer = calls.get(method);
        if (timer == null) {
            timer = calls.computeIfAbsent(method, first -> instruments.histogram(Metric.CALL_DURATION, first));
        }
        timer.record(System.nanoTime() - beganNanos, TimeUnit.NANOSECONDS);
    }

    /** Somebody was told of an error. */
    public void refused(ErrorCode code) {
        counter(errors, code).increment();
    }

    private static Counter counter(Map<ErrorCode, Counter> counters, ErrorCode code) {
        return Objects.requireNonNull(counters.get(code)); // there is one for each
    }
}

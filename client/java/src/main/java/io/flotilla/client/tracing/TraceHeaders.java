package io.flotilla.client.tracing;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.ProducerInterceptor;
import io.flotilla.client.ProducerRecord;
import io.flotilla.protocol.record.RecordHeader;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the context of the thread that sends into the headers of its records, and reads it from those of consumed ones.
 *
 * <pre>{@code
 * TraceHeaders traces = TraceHeaders.w3c();
 * Producer producer = client.producer(ProducerSettings.DEFAULT.withInterceptors(traces));
 * ...
 * try (Scope scope = traces.contextOf(record).makeCurrent()) {
 *     handle(record); // spans begun here are children of the producer's
 * }
 * }</pre>
 *
 * <p>A header's value is the field's text in UTF-8, as other clients of logs write it. A context without a span leaves the
 * record as it is, so that a record which is passed on with its headers stays in its trace; one with a span replaces the
 * fields that are there.
 *
 * <p>Threading: safe.
 */
public final class TraceHeaders implements ProducerInterceptor {
    private static final TextMapSetter<List<RecordHeader>> SETTER = TraceHeaders::set;
    private static final TextMapGetter<List<RecordHeader>> GETTER = new HeaderGetter();

    private final TextMapPropagator propagator;

    private TraceHeaders(TextMapPropagator propagator) {
        this.propagator = propagator;
    }

    /** The headers {@code traceparent} and {@code tracestate} of W3C Trace Context, level 1. */
    public static TraceHeaders w3c() {
        return of(W3CTraceContextPropagator.getInstance());
    }

    /** Other fields, for instance baggage too, as the application's OpenTelemetry is set up to propagate them. */
    public static TraceHeaders of(TextMapPropagator propagator) {
        return new TraceHeaders(propagator);
    }

    /** Adds the current context. */
    @Override
    public ProducerRecord onSend(ProducerRecord record) {
        List<RecordHeader> headers = new ArrayList<>(record.headers());
        propagator.inject(Context.current(), headers, SETTER);
        return headers.equals(record.headers()) ? record : record.withHeaders(headers);
    }

    /** The context in which a record was sent; the current one if its headers hold none, or a malformed one. */
    public Context contextOf(ConsumerRecord record) {
        return contextOf(record.headers());
    }

    /** {@link #contextOf(ConsumerRecord)} for headers of any record. */
    public Context contextOf(List<RecordHeader> headers) {
        return propagator.extract(Context.current(), headers, GETTER);
    }

    private static void set(@Nullable List<RecordHeader> headers, String key, String value) {
        if (headers != null) {
            headers.removeIf(header -> header.key().equals(key));
            headers.add(new RecordHeader(key, value.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** The last header of a key counts, as it was added last. */
    private static final class HeaderGetter implements TextMapGetter<List<RecordHeader>> {
        @Override
        public Iterable<String> keys(List<RecordHeader> headers) {
            return headers.stream().map(RecordHeader::key).distinct().toList();
        }

        @Override
        public @Nullable String get(@Nullable List<RecordHeader> headers, String key) {
            if (headers == null) {
                return null;
            }
            for (int i = headers.size() - 1; i >= 0; i--) {
                byte[] value = headers.get(i).value();
                if (headers.get(i).key().equals(key) && value != null) {
                    return new String(value, StandardCharsets.UTF_8);
                }
            }
            return null;
        }
    }
}

package io.flotilla.client.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.scripted.ScriptedCluster;
import io.flotilla.protocol.record.RecordHeader;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TraceHeadersTest {
    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String TRACEPARENT = "00-" + TRACE + "-" + SPAN + "-01";

    private final TraceHeaders traces = TraceHeaders.w3c();

    private static Context producing() {
        return Context.root()
                .with(Span.wrap(SpanContext.create(
                        TRACE,
                        SPAN,
                        TraceFlags.getSampled(),
                        TraceState.builder().put("vendor", "x1").build())));
    }

    private static RecordHeader header(String key, String value) {
        return new RecordHeader(key, value.getBytes(StandardCharsets.UTF_8));
    }

    private static ProducerRecord record(RecordHeader... headers) {
        return ProducerRecord.of(P0, null, new byte[1]).withHeaders(List.of(headers));
    }

    @Test
    void shouldCarryTheContextThroughTheLog() throws IOException {
        try (ScriptedCluster cluster = ScriptedCluster.start(1).withTopic("orders", 1);
                FlotillaClient client = FlotillaClient.connect(cluster.settings());
                Producer producer = client.producer(ProducerSettings.DEFAULT.withInterceptors(traces));
                Consumer consumer = client.consumer()) {
            try (Scope scope = producing().makeCurrent()) {
                producer.send(record(header("source", "web"))).join();
            }
            consumer.assign(List.of(P0));
            ConsumerRecord consumed = consumer.poll(Duration.ofSeconds(20)).get(0);

            assertThat(consumed.headers())
                    .containsExactly(
                            header("source", "web"),
                            header("traceparent", TRACEPARENT),
                            header("tracestate", "vendor=x1"));
            SpanContext parent = Span.fromContext(traces.contextOf(consumed)).getSpanContext();
            assertThat(parent.getTraceId()).isEqualTo(TRACE);
            assertThat(parent.getSpanId()).isEqualTo(SPAN);
            assertThat(parent.isSampled()).isTrue();
            assertThat(parent.isRemote()).isTrue();
            assertThat(parent.getTraceState().get("vendor")).isEqualTo("x1");
        }
    }

    @Test
    void shouldLeaveARecordWithoutSpanAsItIs() {
        ProducerRecord passedOn = record(header("traceparent", TRACEPARENT));

        assertThat(traces.onSend(passedOn)).isSameAs(passedOn);
        assertThat(traces.onSend(record()).headers()).isEmpty();
    }

    @Test
    void shouldReplaceTheContextOfARecordThatIsPassedOn() {
        try (Scope scope = producing().makeCurrent()) {
            ProducerRecord sent = traces.onSend(
                    record(header("traceparent", "00-11111111111111111111111111111111-2222222222222222-00")));

            assertThat(sent.headers())
                    .containsExactly(header("traceparent", TRACEPARENT), header("tracestate", "vendor=x1"));
        }
    }

    @Test
    void shouldTakeMalformedAndMissingHeadersForNoContext() {
        Context none = Context.current();

        assertThat(traces.contextOf(List.of())).isEqualTo(none);
        assertThat(traces.contextOf(List.of(header("traceparent", "00-xyz")))).isEqualTo(none);
        assertThat(traces.contextOf(List.of(new RecordHeader("traceparent", null))))
                .isEqualTo(none);
    }
}

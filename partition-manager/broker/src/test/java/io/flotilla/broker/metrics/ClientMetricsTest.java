package io.flotilla.broker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.AppendResult;
import io.flotilla.raftlog.partition.FetchedBatches;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientMetricsTest {
    private final BrokerMetrics metrics = BrokerMetrics.open();
    private final ClientMetrics clients = metrics.clients();

    @AfterEach
    void close() {
        metrics.close();
    }

    private static AppendResult result(long baseOffset, long lastOffset, boolean duplicate) {
        return new AppendResult(baseOffset, lastOffset, 1, duplicate, 0);
    }

    private void assertScraped(String... lines) {
        assertThat(metrics.scrape().lines()).contains(lines);
    }

    @Test
    void shouldCountRecordsAndBytesOfAppendsOnce() {
        clients.appended(System.nanoTime(), 100, result(10, 14, false), null);
        clients.appended(System.nanoTime(), 100, result(10, 14, true), null);

        assertScraped(
                "flotilla_append_duration_seconds_count 2",
                "flotilla_append_bytes_total 100.0",
                "flotilla_append_records_total 5.0",
                "flotilla_append_duplicates_total 1.0");
    }

    @Test
    void shouldCountRefusedAppendsByCode() {
        Refused full = new Refused(ErrorCode.DISK_FULL, "full");
        clients.appended(System.nanoTime(), 100, null, new CompletionException(full));
        clients.appended(System.nanoTime(), 100, null, new IllegalStateException("a bug"));

        assertScraped(
                "flotilla_append_errors_total{code=\"DISK_FULL\"} 1.0",
                "flotilla_append_errors_total{code=\"INTERNAL\"} 1.0",
                "flotilla_append_errors_total{code=\"OVERLOADED\"} 0.0",
                "flotilla_append_duration_seconds_count 0");
    }

    @Test
    void shouldCountWhatWasReadAndNotWhatWasNot() {
        clients.fetched(System.nanoTime(), 7, new FetchedBatches(ByteBuffer.allocate(50), 10, 10, 0));
        clients.fetched(System.nanoTime(), 10, new FetchedBatches(ByteBuffer.allocate(0), 10, 10, 0));

        assertScraped(
                "flotilla_fetch_duration_seconds_count 1",
                "flotilla_fetch_bytes_total 50.0",
                "flotilla_fetch_records_total 3.0");
    }

    @Test
    void shouldTimeCallsByMethodInSeconds() {
        clients.called("CreateTopic", System.nanoTime() - 3_000_000);

        assertScraped(
                "flotilla_call_duration_seconds_bucket{method=\"CreateTopic\",le=\"0.0025\"} 0",
                "flotilla_call_duration_seconds_bucket{method=\"CreateTopic\",le=\"10.0\"} 1");
    }
}

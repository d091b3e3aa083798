package io.flotilla.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.ClientSettings;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.metrics.ClientMeter;
import io.flotilla.client.metrics.MicrometerMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a member of a group reports. */
class GroupMetricsTest extends SdkTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void shouldReportRebalancesCommitsAndPolls() {
        write(first, utf8("a"), utf8("b"));
        ClientSettings settings = ClientSettings.of(cluster.bootstrap()).withMetrics(MicrometerMetrics.of(registry));

        try (FlotillaClient measured = FlotillaClient.connect(settings);
                GroupConsumer consumer = measured.groupConsumer(settings().withAutoCommitInterval(Duration.ZERO))) {
            read(() -> consumer.poll(POLL), 2);
            consumer.commit();
            consumer.poll(Duration.ZERO);

            assertThat(counter(ClientMeter.REBALANCES)).isPositive();
            assertThat(counter(ClientMeter.RECORDS_RETURNED)).isEqualTo(2);
            assertThat(counter(ClientMeter.COMMITS_FAILED)).isZero();
            assertThat(timed(ClientMeter.COMMIT_LATENCY)).isEqualTo(1);
            assertThat(timed(ClientMeter.POLL_INTERVAL)).isPositive();
        }
    }

    private double counter(ClientMeter meter) {
        return registry.get(meter.meterName())
                .tag(ClientMeter.GROUP_TAG, name)
                .counter()
                .count();
    }

    private long timed(ClientMeter meter) {
        return registry.get(meter.meterName())
                .tag(ClientMeter.GROUP_TAG, name)
                .timer()
                .count();
    }
}

package io.flotilla.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.TopicDescription;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@FlotillaTest(
        topics = {"orders:2", "audit"},
        settings = "log.retention.ms=3600000")
class FlotillaTestTest {
    private static final Set<EmbeddedCluster> CLUSTERS = new HashSet<>();

    @BeforeAll
    static void forget() {
        CLUSTERS.clear();
    }

    @Test
    void shouldMakeTheTopics(FlotillaClient client) {
        assertThat(client.admin().describeTopic("orders"))
                .extracting(TopicDescription::partitionCount, TopicDescription::replicationFactor)
                .containsExactly(2, 1);
        assertThat(client.admin().describeTopic("audit").partitionCount()).isEqualTo(1);
    }

    @Test
    void shouldPassTheSettingsOn(EmbeddedCluster cluster) {
        assertThat(cluster.brokers()).singleElement().satisfies(broker -> assertThat(
                        broker.config().topicDefaults().toString())
                .contains("3600000"));
    }

    @Test
    void shouldShareOneClusterAmongTests(EmbeddedCluster cluster) {
        CLUSTERS.add(cluster);
        assertThat(CLUSTERS).hasSize(1);
    }

    @Nested
    class Inner {
        @Test
        void shouldShareItWithNestedClasses(EmbeddedCluster cluster) {
            CLUSTERS.add(cluster);
            assertThat(CLUSTERS).hasSize(1);
        }
    }
}

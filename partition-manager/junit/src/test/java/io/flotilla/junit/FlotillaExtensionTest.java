package io.flotilla.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.client.NewTopic;
import io.flotilla.client.TopicSummary;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FlotillaExtensionTest {
    private static final Set<EmbeddedCluster> SHARED = new HashSet<>();
    private static final Set<EmbeddedCluster> OWN = new HashSet<>();

    @RegisterExtension
    static final FlotillaExtension shared =
            FlotillaExtension.builder().topic("orders", 3).build();

    @RegisterExtension
    final FlotillaExtension own =
            FlotillaExtension.builder().topic(NewTopic.of("audit", 2, 1)).build();

    @RepeatedTest(2)
    void shouldLiveForTheClassInAStaticFieldAndForOneTestInAnother() {
        SHARED.add(shared.cluster());

        assertThat(OWN.add(own.cluster())).isTrue();
        assertThat(SHARED).hasSize(1);
        assertThat(shared.client().admin().listTopics())
                .extracting(TopicSummary::name)
                .containsExactly("orders");
        assertThat(own.client().admin().listTopics())
                .extracting(TopicSummary::name)
                .containsExactly("audit");
    }

    @Test
    void shouldSayThatNoClusterRuns() {
        FlotillaExtension idle = FlotillaExtension.builder().build();

        assertThatThrownBy(idle::client)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no cluster");
    }

    @Test
    void shouldNameWhatIsWrongWithTheNumberOfBrokers() {
        FlotillaExtension.Builder builder = FlotillaExtension.builder().brokers(10);

        assertThatThrownBy(builder::build).hasMessage("brokers 10 is outside [1, 9]");
    }
}

package io.flotilla.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import org.junit.jupiter.api.RepeatedTest;

/** A cluster that lives for one test: the second one would find the topic otherwise. */
@FlotillaTest(life = FlotillaTest.Life.METHOD)
class FreshClusterTest {
    @RepeatedTest(2)
    void shouldStartEachTestWithAnEmptyCluster(FlotillaClient client) {
        assertThat(client.admin().listTopics()).isEmpty();

        client.admin().createTopic(NewTopic.of("orders", 1, 1));
    }
}

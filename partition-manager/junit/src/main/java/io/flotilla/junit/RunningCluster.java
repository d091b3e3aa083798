package io.flotilla.junit;

import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.client.FlotillaClient;
import java.io.IOException;

/** A cluster that runs for tests, with a client of it. Owns both. */
record RunningCluster(EmbeddedCluster cluster, FlotillaClient client) implements AutoCloseable {
    static RunningCluster start(ClusterPlan plan) throws IOException {
        EmbeddedCluster cluster = EmbeddedCluster.startTemporary(plan.brokers(), plan.settings());
        FlotillaClient client = FlotillaClient.connect(cluster.bootstrap());
        RunningCluster running = new RunningCluster(cluster, client);
        try {
            plan.topics().forEach(client.admin()::createTopic);
            return running;
        } catch (Throwable failure) { // nobody else would end it
            running.close();
            throw failure;
        }
    }

    @Override
    public void close() {
        try (EmbeddedCluster last = cluster) {
            client.close();
        }
    }
}

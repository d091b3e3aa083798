package io.flotilla.cli;

import io.flotilla.client.Admin;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerSettings;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupSettings;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerSettings;

/** What commands need of a connected client. */
interface Cluster extends AutoCloseable {

    Admin admin();

    /** The caller closes the producer. */
    Producer producer(ProducerSettings settings);

    /** The caller closes the consumer. */
    Consumer consumer(ConsumerSettings settings);

    /** The caller closes the consumer. */
    GroupConsumer groupConsumer(GroupSettings settings);

    @Override
    void close();

    /** Makes connections; the caller closes them. */
    interface Connector {
        Cluster connect(ClientSettings settings);
    }

    /** Connects over the network. Fails at once, with each address's reason, when nothing listens at any of them. */
    static Cluster overNetwork(ClientSettings settings) {
        Reachability.check(settings);
        FlotillaClient client = FlotillaClient.connect(settings);
        return new Cluster() {
            @Override
            public Admin admin() {
                return client.admin();
            }

            @Override
            public Producer producer(ProducerSettings producerSettings) {
                return client.producer(producerSettings);
            }

            @Override
            public Consumer consumer(ConsumerSettings consumerSettings) {
                return client.consumer(consumerSettings);
            }

            @Override
            public GroupConsumer groupConsumer(GroupSettings groupSettings) {
                return client.groupConsumer(groupSettings);
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }
}

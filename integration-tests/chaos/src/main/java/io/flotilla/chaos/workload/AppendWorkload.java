package io.flotilla.chaos.workload;

import io.flotilla.chaos.port.ClientPort;
import io.flotilla.chaos.port.ProducerOptions;
import io.flotilla.chaos.port.ProducerPort;
import io.flotilla.protocol.record.Compression;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Producers that append to all partitions of a topic, each with another codec. As W1 they ask for no idempotence (a protocol
 * whose producers are idempotent always, as Flotilla's own, gives it all the same, and the history says so), have one batch
 * in flight and large batches; as W2 they are idempotent with five in flight and small batches, so that many are.
 */
public final class AppendWorkload implements Workload {
    private static final List<Compression> CODECS = List.of(Compression.values());
    private static final int IN_FLIGHT_MAX = 5;
    private static final int SMALL_BATCH_BYTES = 16 << 10;
    private static final int LARGE_BATCH_BYTES = 1 << 20;
    private static final Duration SMALL_LINGER = Duration.ofMillis(2);
    private static final Duration LARGE_LINGER = Duration.ofMillis(20);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(25);

    private final String name;
    private final List<ClientPort> clients = new ArrayList<>();
    private final List<ProducerPort> producers = new ArrayList<>();
    private final List<ClientThreads.Watched> threads = new ArrayList<>();

    private AppendWorkload(String name) {
        this.name = name;
    }

    /** W1. */
    public static AppendWorkload plain(Scene scene, Topic topic, double share) {
        return new AppendWorkload("W1").begin(scene, topic, share, false);
    }

    /** W2. */
    public static AppendWorkload idempotent(Scene scene, Topic topic, double share) {
        return new AppendWorkload("W2").begin(scene, topic, share, true);
    }

    /** As W2, for a workload of another name. */
    static AppendWorkload named(Scene scene, String name, Topic topic, double share) {
        return new AppendWorkload(name).begin(scene, topic, share, true);
    }

    private AppendWorkload begin(Scene scene, Topic topic, double share, boolean idempotent) {
        for (int i = 0; i < scene.settings().producers(); i++) {
            ClientPort client = scene.connect();
            clients.add(client);
            ProducerPort port = client.producer(new ProducerOptions(
                    idempotent,
                    idempotent ? IN_FLIGHT_MAX : 1,
                    idempotent ? SMALL_BATCH_BYTES : LARGE_BATCH_BYTES,
                    idempotent ? SMALL_LINGER : LARGE_LINGER,
                    CODECS.get((clients.size() + (idempotent ? 2 : 0)) % CODECS.size()),
                    scene.settings().deliveryTimeout()));
            producers.add(port);
            String thread = name + "-" + i;
            threads.add(scene.threads()
                    .start(
                            thread,
                            0,
                            new Producing(
                                    scene.recorder(),
                                    scene.values(),
                                    port,
                                    topic.places(),
                                    scene.settings().sending(share),
                                    scene.random(thread))));
        }
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void stop() {
        threads.forEach(ClientThreads.Watched::end);
        threads.forEach(ClientThreads.Watched::await);
        producers.forEach(producer -> producer.close(END_TIMEOUT));
    }

    @Override
    public void close() {
        producers.forEach(ProducerPort::close);
        clients.forEach(ClientPort::close);
    }
}

package io.flotilla.chaos.plant;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.backend.local.LocalBackend;
import io.flotilla.chaos.backend.local.LocalSettings;
import io.flotilla.chaos.fault.Fault;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Target;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.RecordMetadata;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One broker with everything planted into it that can be. */
final class PlantedBrokerTest {
    private static final String TOPIC = "planted";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @Test
    void aBugIsThereAndAFailpointObeys() throws Exception {
        var failpoints = new Failpoints(directory);
        var settings = new LocalSettings(1, directory, 128, Map.of(), failpoints.jvmFlags(Optional.of(Plant.P6)))
                .enabling(Set.of(FaultId.FAILPOINT));
        try (LocalBackend backend = LocalBackend.open(settings)) {
            failpoints.register(backend.registry(), backend.site());
            backend.cluster().client().admin().createTopic(NewTopic.of(TOPIC, 1, 1));
            try (Producer producer = backend.cluster().client().producer()) {
                assertThat(send(producer)).as("of the first leader").isZero();

                Fault halt = backend.fault(
                        new FaultSpec(
                                FaultId.FAILPOINT,
                                Target.of(Target.Role.LEADER),
                                new TreeMap<>(Map.of("point", Failpoint.REPLY.id(), "action", "halt"))),
                        1);
                halt.arm();
                var answered = producer.send(record());
                String proof = halt.verify();
                halt.disarm();
                if (halt instanceof LingeringFault lingering) {
                    lingering.settle();
                }

                assertThat(proof).startsWith("1 times at reply");
                assertThat(answered.get(30, TimeUnit.SECONDS).offset())
                        .as("of a batch that was stored before the halt, told by the next leader")
                        .isEqualTo(2);
            }
            assertThat(Plant.P6.missing(directory)).isEmpty();
        }
    }

    private static long send(Producer producer) throws Exception {
        RecordMetadata stored = producer.send(record()).get(30, TimeUnit.SECONDS);
        return stored.offset();
    }

    private static ProducerRecord record() {
        return ProducerRecord.of(TOPIC, null, "value".getBytes(StandardCharsets.UTF_8));
    }
}

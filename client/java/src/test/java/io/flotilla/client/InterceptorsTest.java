package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flotilla.client.scripted.ScriptedCluster;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordHeader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InterceptorsTest {
    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final Duration POLL = Duration.ofSeconds(20);

    private ScriptedCluster cluster;
    private FlotillaClient client;

    @BeforeEach
    void start() throws IOException {
        cluster = ScriptedCluster.start(1).withTopic("orders", 1);
        client = FlotillaClient.connect(cluster.settings());
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    /** Adds a header of its name, and writes down what it hears. */
    private static final class Marking implements ProducerInterceptor {
        private final String mark;
        private final List<String> heard = new CopyOnWriteArrayList<>();

        Marking(String mark) {
            this.mark = mark;
        }

        @Override
        public ProducerRecord onSend(ProducerRecord record) {
            List<RecordHeader> headers = new ArrayList<>(record.headers());
            headers.add(new RecordHeader(mark, null));
            return record.withHeaders(headers);
        }

        @Override
        public void onAcknowledged(ProducerRecord record, RecordMetadata stored) {
            heard.add(
                    "stored at " + stored.offset() + " with " + record.headers().size() + " headers");
        }

        @Override
        public void onFailed(ProducerRecord record, Throwable failure) {
            heard.add("failed with " + ((LogException) failure).code());
        }
    }

    /** Fails in every way it can. */
    private static final class Failing implements ProducerInterceptor {
        @Override
        public void onAcknowledged(ProducerRecord record, RecordMetadata stored) {
            throw new IllegalStateException("as a test wants");
        }

        @Override
        public void onFailed(ProducerRecord record, Throwable failure) {
            throw new IllegalStateException("as a test wants");
        }
    }

    private Producer producer(ProducerInterceptor... interceptors) {
        return client.producer(ProducerSettings.DEFAULT.withInterceptors(interceptors));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldChangeRecordsInOrderAndHearOfTheirEnd() {
        Marking inner = new Marking("second");
        try (Producer producer = producer(new Marking("first"), inner)) {
            producer.send(ProducerRecord.of(P0, null, utf8("a"))).join();

            // Told before the future completes.
            assertThat(inner.heard).containsExactly("stored at 0 with 2 headers");
        }
        LogRecord stored = cluster.records(P0).get(0);
        assertThat(stored.headers()).extracting(RecordHeader::key).containsExactly("first", "second");
    }

    @Test
    void shouldHearOfAFailureWhichTheFutureHasUnwrapped() {
        cluster.script.rejectEverything(ErrorCode.INVALID_RECORD);
        Marking marking = new Marking("m");
        List<Throwable> seen = new CopyOnWriteArrayList<>();
        try (Producer producer = producer(marking)) {
            var sent = producer.send(ProducerRecord.of(P0, null, utf8("a")));
            var unused = sent.whenComplete((stored, failure) -> seen.add(failure));

            assertThatThrownBy(sent::join).isInstanceOf(CompletionException.class);
        }
        assertThat(seen.get(0)).isInstanceOf(LogException.class);
        assertThat(marking.heard).containsExactly("failed with INVALID_RECORD");
    }

    @Test
    void shouldNotSendWhatAnInterceptorRefuses() {
        Marking outer = new Marking("outer");
        ProducerInterceptor refusing = new ProducerInterceptor() {
            @Override
            public ProducerRecord onSend(ProducerRecord record) {
                throw new IllegalStateException("no key to encrypt with");
            }
        };
        try (Producer producer = producer(outer, refusing)) {
            var sent = producer.send(ProducerRecord.of(P0, null, utf8("secret")));

            assertThatThrownBy(sent::join)
                    .cause()
                    .isInstanceOfSatisfying(LogException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_RECORD);
                        assertThat(failure.details()).containsEntry("outcome", "not_appended");
                    })
                    .hasMessageContaining("no key to encrypt with")
                    .hasMessageContaining("topic orders");
        }
        assertThat(cluster.records(P0)).isEmpty();
        assertThat(outer.heard).containsExactly("failed with INVALID_RECORD");
    }

    @Test
    void shouldNotSufferFromInterceptorsThatOnlyWatch() {
        Marking behind = new Marking("behind");
        try (Producer producer = producer(new Failing(), behind)) {
            assertThat(producer.send(ProducerRecord.of(P0, null, utf8("a")))
                            .join()
                            .offset())
                    .isZero();
            assertThat(producer.send(ProducerRecord.of(P0, null, utf8("b")))
                            .join()
                            .offset())
                    .isEqualTo(1);
        }
        assertThat(behind.heard).hasSize(2);
    }

    @Test
    void shouldChangeAndLeaveOutRecordsThatAreRead() {
        write("a", "b", "c");
        ConsumerInterceptor everySecond = new ConsumerInterceptor() {
            @Override
            public List<ConsumerRecord> onRecords(List<ConsumerRecord> records) {
                return records.stream()
                        .filter(record -> record.offset() % 2 == 0)
                        .toList();
            }
        };

        try (Consumer consumer = client.consumer(ConsumerSettings.DEFAULT.withInterceptors(everySecond))) {
            consumer.assign(List.of(P0));
            List<ConsumerRecord> read = new ArrayList<>();
            while (consumer.position(P0) < 3) {
                read.addAll(consumer.poll(POLL));
            }

            assertThat(read).extracting(ConsumerRecord::offset).containsExactly(0L, 2L);
        }
    }

    @Test
    void shouldReturnTheSameRecordsAfterAnInterceptorFailed() {
        write("a", "b", "c");
        List<Long> passed = new ArrayList<>();
        ConsumerInterceptor failingTwice = new ConsumerInterceptor() {
            private int failures;

            @Override
            public List<ConsumerRecord> onRecords(List<ConsumerRecord> records) {
                if (failures++ < 2) {
                    throw new IllegalStateException("as a test wants");
                }
                records.forEach(record -> passed.add(record.offset()));
                return records;
            }
        };

        try (Consumer consumer = client.consumer(ConsumerSettings.DEFAULT.withInterceptors(failingTwice))) {
            consumer.assign(List.of(P0));
            for (int i = 0; i < 2; i++) {
                InterceptorException failure =
                        catchThrowableOfType(InterceptorException.class, () -> consumer.poll(POLL));
                assertThat(failure).hasMessageContaining("as a test wants");
                assertThat(consumer.position(P0)).isZero();
            }
            while (consumer.position(P0) < 3) {
                consumer.poll(POLL);
            }
        }
        assertThat(passed).containsExactly(0L, 1L, 2L);
    }

    private void write(String... values) {
        try (Producer producer = client.producer()) {
            for (String value : values) {
                producer.send(ProducerRecord.of(P0, null, utf8(value))).join();
            }
        }
    }
}

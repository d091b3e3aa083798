package io.flotilla.cli;

import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.RecordMetadata;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Sends records and reports their acknowledgements in the order in which they were sent. The first failure ends the run
 * by being thrown.
 *
 * <p>Threading: one thread sends; {@link #acknowledged()} belongs to any.
 */
final class ProduceRun {
    /** Records sent whose acknowledgement was not looked at yet; past it, sending waits for the oldest. */
    private static final int UNREPORTED_RECORDS_MAX = 50_000;

    private final Producer producer;
    private final Consumer<RecordMetadata> report;
    private final Deque<CompletableFuture<RecordMetadata>> unreported = new ArrayDeque<>();
    private final LongAdder acknowledged = new LongAdder();

    /**
     * @param producer the caller closes it
     * @param report   called by the sending thread for each acknowledged record
     */
    ProduceRun(Producer producer, Consumer<RecordMetadata> report) {
        this.producer = producer;
        this.report = report;
    }

    void send(ProducerRecord record) {
        CompletableFuture<RecordMetadata> sent = producer.send(record);
        unreported.add(sent.whenComplete((metadata, failure) -> {
            if (failure == null) {
                acknowledged.increment();
            }
        }));
        reportCompleted();
        if (unreported.size() > UNREPORTED_RECORDS_MAX) {
            reportOldest();
        }
    }

    /** Waits for every record sent, and reports it. */
    void finish() {
        producer.flush();
        while (!unreported.isEmpty()) {
            reportOldest();
        }
    }

    /** Records acknowledged so far. */
    long acknowledged() {
        return acknowledged.sum();
    }

    private void reportCompleted() {
        for (var oldest = unreported.peek(); oldest != null && oldest.isDone(); oldest = unreported.peek()) {
            reportOldest();
        }
    }

    private void reportOldest() {
        try {
            report.accept(unreported.remove().join());
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }
}

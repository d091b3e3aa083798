package io.flotilla.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a handler process a group's records on a thread of its own, until it is closed or the handler fails. One handler call
 * at a time; whoever wants more at once starts more loops in the group.
 *
 * <p>Threading: safe.
 */
public final class ConsumerLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerLoop.class);

    /** Longest wait for records in one poll; a wake-up ends it earlier. */
    private static final Duration POLL = Duration.ofMinutes(1);

    private final GroupConsumer consumer;
    private final GroupSettings settings;
    private final RecordHandler handler;
    private final Thread thread;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean stopping;

    private ConsumerLoop(GroupConsumer consumer, GroupSettings settings, RecordHandler handler) {
        this.consumer = consumer;
        this.settings = settings;
        this.handler = handler;
        this.thread = new Thread(this::run, "flotilla-loop-" + settings.group());
    }

    /** The caller owns the loop; the loop owns the consumer. */
    static ConsumerLoop start(GroupConsumer consumer, GroupSettings settings, RecordHandler handler) {
        ConsumerLoop loop = new ConsumerLoop(consumer, settings, handler);
        loop.thread.start();
        return loop;
    }

    private void run() {
        try (consumer) {
            while (!stopping) {
                List<ConsumerRecord> records = next();
                if (!records.isEmpty()) {
                    handler.handle(records);
                    commitIfAsked();
                }
            }
        } catch (Throwable failure) { // whatever it is, the owner must hear of it
            LOG.error("consumer loop ended by a failure group={}", settings.group(), failure);
            end.completeExceptionally(failure);
            return;
        }
        end.complete(null);
    }

    private List<ConsumerRecord> next() {
        try {
            return consumer.poll(POLL);
        } catch (WakeupException stop) {
            return List.of();
        }
    }

    /** What the next poll would count as processed need not wait for it when there is none. */
    private void commitIfAsked() {
        if (stopping && !settings.autoCommitInterval().isZero()) {
            consumer.commit();
        }
    }

    /** Completes when the loop has ended: with the failure that ended it, or normally after {@link #close}. */
    public CompletableFuture<Void> end() {
        return end.copy();
    }

    /**
     * Ends the loop when the handler has returned, commits what it has processed, and leaves the group. Waits for that; called
     * from the handler it does not wait. Closing twice does no harm.
     *
     * @throws CancellationException if the thread is interrupted; its interrupt flag stays set
     */
    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("closing the loop was interrupted");
        }
    }
}

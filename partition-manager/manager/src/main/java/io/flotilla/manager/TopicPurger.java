package io.flotilla.manager;

import io.flotilla.raftlog.partition.Partition.Listening;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/**
 * Purges deleted topics whose grace is over, for as long as the broker runs and whenever it is its turn.
 *
 * <p>Threading: one thread of its own.
 */
public final class TopicPurger implements AutoCloseable {
    private final StepLoop loop;
    private final Listening listening;

    private TopicPurger(StepLoop loop, Listening listening) {
        this.loop = loop;
        this.listening = listening;
    }

    /**
     * Starts to work.
     *
     * @param leadsMetadata whether this broker leads the metadata's group; asked for at every look
     * @param clock         by which graces end
     */
    public static TopicPurger start(
            ClusterMetadata metadata, BooleanSupplier leadsMetadata, TopicPurgerSettings settings, Clock clock) {
        TopicPurging purging = new TopicPurging(metadata, leadsMetadata, settings, clock);
        StepLoop loop = StepLoop.start("topic-purger", settings.interval().toMillis(), purging::step);
        Listening listening = metadata.listen(image -> loop.wake());
        loop.wake(); // for an image that came between the first step and the listener
        return new TopicPurger(loop, listening);
    }

    /** May be called twice. */
    @Override
    public void close() {
        listening.close();
        loop.close();
    }
}

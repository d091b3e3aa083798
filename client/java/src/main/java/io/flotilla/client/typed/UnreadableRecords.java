package io.flotilla.client.typed;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a loop does with a record that cannot be deserialized. When this returns, the record counts as processed like any
 * other, and the loop goes on behind it.
 *
 * <p>An application's own one may put {@link DeserializationException#record()} elsewhere, for instance into another topic:
 * it is called on the loop's thread, after the records in front of that one were handled.
 */
@FunctionalInterface
public interface UnreadableRecords {
    /** Ends the loop with the failure; the group reads the record again when the loop is started anew. */
    UnreadableRecords STOP = failure -> {
        throw failure;
    };

    /** Leaves the record out, with a warning in the log that names it. */
    UnreadableRecords SKIP = new UnreadableRecords() {
        private final Logger log = LoggerFactory.getLogger(UnreadableRecords.class);

        @Override
        public void handle(DeserializationException failure) {
            log.warn(
                    "skipped an unreadable record partition={} offset={}",
                    failure.partition(),
                    failure.offset(),
                    failure.getCause());
        }
    };

    /**
     * @throws Exception ends the loop
     */
    void handle(DeserializationException failure) throws Exception;
}

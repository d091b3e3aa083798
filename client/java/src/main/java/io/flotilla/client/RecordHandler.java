package io.flotilla.client;

import java.util.List;

/** Processes the records that a {@link ConsumerLoop} has read. */
@FunctionalInterface
public interface RecordHandler {
    /**
     * Processes these records: when it returns, they count as processed and may be committed.
     *
     * @param records at least one; those of one partition in order of their offsets
     * @throws Exception ends the loop; these records are not committed, and the group will process them again
     */
    void handle(List<ConsumerRecord> records) throws Exception;
}

package io.flotilla.chaos.plant.inside;

import io.flotilla.metadata.group.CommittedOffset;

/** Makes whoever asks where to begin skip a record. */
public class SkippedRecord extends Counting {
    /** One behind what was committed. */
    public CommittedOffset behind(CommittedOffset committed) {
        hit("P8-start");
        return new CommittedOffset(
                committed.offset() + 1, committed.leaderEpoch(), committed.metadata(), committed.atMillis());
    }
}

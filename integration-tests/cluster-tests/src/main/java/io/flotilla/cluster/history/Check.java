package io.flotilla.cluster.history;

/** What a history can be found guilty of. */
public enum Check {
    LOST("acknowledged, but not there at the end"),
    CHANGED("read with other bytes than were written"),
    DUPLICATED("written once, stored at two or more offsets"),
    INCONSISTENT_OFFSET("stored elsewhere than its acknowledgement said"),
    FOREIGN("read, but never written"),
    GAP("offsets of a partition do not follow each other from 0"),
    OUT_OF_ORDER("stored before an earlier value of the same producer and partition"),
    REAL_TIME_ORDER("sent after another value was acknowledged, but stored before it"),
    ROLLED_BACK("seen by a consumer, and not there at the end"),
    VACUOUS("too few acknowledged values to conclude anything");

    private final String meaning;

    Check(String meaning) {
        this.meaning = meaning;
    }

    /** The violation in words, to follow the name of a value. */
    public String meaning() {
        return meaning;
    }
}

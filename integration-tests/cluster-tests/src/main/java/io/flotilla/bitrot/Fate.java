package io.flotilla.bitrot;

import java.util.Locale;

/** What became of a damage. */
enum Fate {
    /** Sound; the broker's log or its quarantine tells of it. */
    REPAIRED,
    /** Sound; the damage went when the file was written anew or dropped in its ordinary course. */
    REWRITTEN,
    /** Sound; the damage is there still, where no byte means anything. */
    PADDING,
    /** The damage is there still and nobody has noticed, or a replica takes part with other bytes than its peers. */
    UNNOTICED,
    /** A replica stays closed and says why, or the broker has ended. */
    STOPPED,
    /** The broker does not start and says why. */
    REFUSED;

    /** All replicas take part and hold the same bytes. */
    boolean isSound() {
        return this == REPAIRED || this == REWRITTEN || this == PADDING;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package io.flotilla.chaos.plant.inside;

import java.util.Locale;

/** Gives a node's data folders one identity. */
public class SameIdentity extends Counting {
    /** A directory id that follows from the node's. */
    public String of(int nodeId) {
        hit("P20-identity");
        return String.format(Locale.ROOT, "%016x", nodeId);
    }
}

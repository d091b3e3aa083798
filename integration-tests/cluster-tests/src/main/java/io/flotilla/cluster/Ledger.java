package io.flotilla.cluster;

import java.util.List;

/** Is told of everything that outlives this JVM before it is made, so that somebody else can undo it. */
@FunctionalInterface
public interface Ledger {
    /** For whoever undoes everything itself. */
    Ledger NONE = (kind, what, undo) -> {};

    /**
     * @param kind what kind of thing is about to be made, in a word
     * @param what its name
     * @param undo command that removes it, and does no harm if it is not there
     */
    void enter(String kind, String what, List<String> undo);
}

package io.flotilla.chaos.fault.journal;

import java.util.List;

/**
 * Something that has to be undone one day.
 *
 * @param number    of the entry in its journal, from 1 on
 * @param kind      one of {@link Journal}'s, or any other that has a command
 * @param arguments what it is about
 * @param undo      command that undoes it, and does no harm if there is nothing to undo; empty for the journal's own kinds
 */
public record JournalEntry(long number, String kind, List<String> arguments, List<String> undo) {
    public JournalEntry {
        arguments = List.copyOf(arguments);
        undo = List.copyOf(undo);
    }

    @Override
    public String toString() {
        return kind + " " + String.join(" ", arguments);
    }
}

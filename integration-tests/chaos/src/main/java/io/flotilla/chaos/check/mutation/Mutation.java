package io.flotilla.chaos.check.mutation;

import io.flotilla.chaos.check.CheckId;
import io.flotilla.chaos.history.Event;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One way to spoil a history.
 *
 * @param caughtBy exactly the checks that must report it
 */
record Mutation(String name, Set<CheckId> caughtBy, Consumer<Draft> change) {
    static Mutation of(String name, Consumer<Draft> change, CheckId first, CheckId... others) {
        return new Mutation(name, EnumSet.of(first, others), change);
    }

    List<Event> apply(List<Event> history) {
        var draft = new Draft(history);
        change.accept(draft);
        return draft.history();
    }
}

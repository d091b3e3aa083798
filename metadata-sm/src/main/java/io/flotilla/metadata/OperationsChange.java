package io.flotilla.metadata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What leads from some operations to later ones.
 *
 * @param ids of all there are then, in their order
 * @param set those of them that are new or changed
 */
public record OperationsChange(List<UUID> ids, List<Operation> set) {
    public OperationsChange {
        ids = List.copyOf(ids);
        set = List.copyOf(set);
    }

    static OperationsChange between(List<Operation> before, List<Operation> after) {
        Set<Operation> known = new HashSet<>(before);
        return new OperationsChange(
                after.stream().map(Operation::id).toList(),
                after.stream().filter(operation -> !known.contains(operation)).toList());
    }

    /**
     * @throws IllegalArgumentException if an operation is neither in {@code before} nor here
     */
    List<Operation> applyTo(List<Operation> before) {
        Map<UUID, Operation> byId = new HashMap<>();
        before.forEach(operation -> byId.put(operation.id(), operation));
        set.forEach(operation -> byId.put(operation.id(), operation));
        List<Operation> after = new ArrayList<>(ids.size());
        for (UUID id : ids) {
            Operation operation = byId.get(id);
            if (operation == null) {
                throw new IllegalArgumentException("operation " + id + " is not known");
            }
            after.add(operation);
        }
        return after;
    }
}

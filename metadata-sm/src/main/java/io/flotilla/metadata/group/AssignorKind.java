package io.flotilla.metadata.group;

import java.util.Arrays;
import java.util.Optional;

/** The assignors that there are. */
public enum AssignorKind {
    UNIFORM,
    RANGE;

    Assignor assignor() {
        return switch (this) {
            case UNIFORM -> new UniformAssignor();
            case RANGE -> new RangeAssignor();
        };
    }

    /** By the name a user gives it. */
    public static Optional<AssignorKind> named(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.assignor().name().equals(name))
                .findFirst();
    }
}

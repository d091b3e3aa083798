package io.flotilla.bitrot;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** What a disk does to a file. */
public enum Mutation {
    /** One bit has another value. */
    FLIP(6),
    /** The file ends early, maybe at once. */
    TRUNCATE(1),
    /** A block of 512 or 4096 bytes, or the whole file, reads as zeros. */
    ZERO(1),
    /** The file holds what another one of its kind should, or what it held some time ago. */
    SWAP(1),
    /** The file is gone. */
    DELETE(1);

    private final int weight;

    Mutation(int weight) {
        this.weight = weight;
    }

    /** One of these, a flip more often than any other. */
    static Mutation draw(List<Mutation> allowed, SplittableRandom random) {
        int left = random.nextInt(
                allowed.stream().mapToInt(mutation -> mutation.weight).sum());
        for (Mutation mutation : allowed) {
            left -= mutation.weight;
            if (left < 0) {
                return mutation;
            }
        }
        throw new AssertionError("weights of " + allowed + " do not add up");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

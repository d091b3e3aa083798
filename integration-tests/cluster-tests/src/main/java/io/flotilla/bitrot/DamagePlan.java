package io.flotilla.bitrot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * Which file of which unit is damaged how: follows from seed, round and the files there are. Each file of a unit is as
 * likely as the others whatever its size, each byte of a file as likely as the others.
 */
public final class DamagePlan {
    private static final int DRAWS_MAX = 20;
    private static final int[] BLOCK_BYTES = {512, 4096};
    /** One in so many truncations leaves nothing, and one in so many blocks of zeros is all of the file. */
    private static final int WHOLE_FILE_EVERY = 4;

    private final long seed;
    private final List<Mutation> mutations;
    private final UnaryOperator<Path> earlier;

    /**
     * @param mutations one or more
     * @param earlier   where a copy of a file from some rounds ago is, if there is one
     */
    public DamagePlan(long seed, List<Mutation> mutations, UnaryOperator<Path> earlier) {
        this.seed = seed;
        this.mutations = List.copyOf(mutations);
        this.earlier = earlier;
    }

    /**
     * At most one damage for each unit, no file of which changes meanwhile.
     *
     * @param limit of damages, 1 or more
     */
    public List<Damage> draw(int round, List<Unit> units, int limit) throws IOException {
        long roundSeed = new SplittableRandom(seed).nextLong() + round;
        var random = new SplittableRandom(roundSeed);
        List<Unit> left = new ArrayList<>(units);
        Collections.shuffle(left, new Random(roundSeed));
        List<Damage> damages = new ArrayList<>();
        while (damages.size() < limit && !left.isEmpty()) {
            Unit unit = left.remove(0);
            List<Path> files = files(unit);
            if (!files.isEmpty()) {
                Path file = files.get(random.nextInt(files.size()));
                damages.addAll(damage(unit, file, left, limit - damages.size(), random));
            }
        }
        return damages;
    }

    /** An empty file can only be deleted. */
    private List<Path> files(Unit unit) throws IOException {
        return unit.files().stream()
                .filter(file ->
                        mutations.contains(Mutation.DELETE) || file.toFile().length() > 0)
                .toList();
    }

    /** One damage, or two when the file changes places with another unit's, which then is used up. */
    private List<Damage> damage(Unit unit, Path file, List<Unit> others, int limit, SplittableRandom random)
            throws IOException {
        byte[] before = Files.readAllBytes(file);
        if (before.length == 0) {
            return List.of(changed(unit, file, before, Mutation.DELETE, random));
        }
        for (int draw = 0; draw < DRAWS_MAX; draw++) {
            Mutation mutation = Mutation.draw(mutations, random);
            List<Damage> damages = mutation == Mutation.SWAP && limit > 1 && random.nextBoolean()
                    ? swapped(unit, file, before, others)
                    : List.of(changed(unit, file, before, mutation, random));
            if (!damages.isEmpty() && damages.stream().allMatch(Damage::isChange)) {
                return damages;
            }
        }
        return List.of(flipped(unit, file, before, random)); // zeros are hard to zero
    }

    private Damage changed(Unit unit, Path file, byte[] before, Mutation mutation, SplittableRandom random)
            throws IOException {
        return switch (mutation) {
            case FLIP -> flipped(unit, file, before, random);
            case TRUNCATE -> {
                int left = random.nextInt(WHOLE_FILE_EVERY) == 0 ? 0 : random.nextInt(before.length);
                yield new Damage(
                        unit,
                        file,
                        mutation,
                        "to " + left + " of " + before.length + " bytes",
                        before,
                        Arrays.copyOf(before, left));
            }
            case ZERO -> zeroed(unit, file, before, random);
            case SWAP -> {
                Path copy = earlier.apply(file);
                byte[] old = Files.exists(copy) ? Files.readAllBytes(copy) : before;
                yield new Damage(unit, file, mutation, "for an earlier state", before, old);
            }
            case DELETE -> new Damage(unit, file, mutation, "of " + before.length + " bytes", before, null);
        };
    }

    private static Damage flipped(Unit unit, Path file, byte[] before, SplittableRandom random) throws IOException {
        int position = random.nextInt(before.length);
        int bit = random.nextInt(Byte.SIZE);
        byte[] after = before.clone();
        after[position] ^= (byte) (1 << bit);
        return new Damage(unit, file, Mutation.FLIP, "at byte " + position + " bit " + bit, before, after);
    }

    private static Damage zeroed(Unit unit, Path file, byte[] before, SplittableRandom random) throws IOException {
        int block = BLOCK_BYTES[random.nextInt(BLOCK_BYTES.length)];
        boolean all = random.nextInt(WHOLE_FILE_EVERY) == 0;
        int from = all ? 0 : random.nextInt(before.length) / block * block;
        int to = all ? before.length : Math.min(before.length, from + block);
        byte[] after = before.clone();
        Arrays.fill(after, from, to, (byte) 0);
        return new Damage(unit, file, Mutation.ZERO, "from byte " + from + " to " + to, before, after);
    }

    private static List<Damage> swapped(Unit unit, Path file, byte[] before, List<Unit> others) throws IOException {
        for (Unit other : others) {
            for (Path partner : other.files()) {
                if (other.kindOf(partner).equals(unit.kindOf(file))) {
                    byte[] content = Files.readAllBytes(partner);
                    others.remove(other);
                    return List.of(
                            new Damage(unit, file, Mutation.SWAP, "with that of " + other, before, content),
                            new Damage(other, partner, Mutation.SWAP, "with that of " + unit, content, before));
                }
            }
        }
        return List.of();
    }
}

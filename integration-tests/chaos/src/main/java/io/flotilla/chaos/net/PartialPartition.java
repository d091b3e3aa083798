package io.flotilla.chaos.net;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * N6: some brokers cannot hear each other though both hear others. {@code shape} says which: {@code pair}, a target and one
 * other; {@code bridge}, two groups that only one broker joins; {@code ring}, of five brokers or more, each of which hears
 * a majority, and no two the same one.
 */
final class PartialPartition extends LinkFault {
    private static final int RING_MIN = 5;

    private final String shape;

    PartialPartition(FaultSpec spec, long seed, LinkClaims claims, Victims victims) {
        super(spec, seed, claims, victims);
        this.shape = parameters().choice("shape", "pair", "bridge", "ring");
        parameters().requireAllKnown();
        int brokers = links().nodes().size();
        int needed = shape.equals("ring") ? RING_MIN : shape.equals("bridge") ? 3 : 2;
        if (brokers < needed) {
            throw new FaultException("the shape " + shape + " needs " + needed + " brokers; there are " + brokers);
        }
    }

    @Override
    public List<Integer> arm() {
        List<Way> ways =
                switch (shape) {
                    case "bridge" -> bridge();
                    case "ring" -> ring();
                    default -> pair();
                };
        claim(ways, LinkRule::withCut);
        SortedSet<Integer> struck = new TreeSet<>();
        ways.forEach(way -> struck.add(way.from()));
        return List.copyOf(struck);
    }

    private List<Way> pair() {
        int target = targeted().first();
        List<Integer> others = new ArrayList<>(links().nodes());
        others.remove((Integer) target);
        Collections.shuffle(others, random());
        return ways("both", List.of(target), others.subList(0, 1));
    }

    private List<Way> bridge() {
        List<Integer> all = shuffled();
        List<Integer> banks = all.subList(1, all.size());
        return ways("both", banks.subList(0, banks.size() / 2), banks.subList(banks.size() / 2, banks.size()));
    }

    /** Each hears its nearest neighbours in a circle, as many on the left as on the right. */
    private List<Way> ring() {
        List<Integer> circle = shuffled();
        int size = circle.size();
        int reach = (size / 2 + 1) / 2;
        List<Way> ways = new ArrayList<>();
        for (int one = 0; one < size; one++) {
            for (int distance = reach + 1; distance < size - reach; distance++) {
                ways.add(new Way(circle.get(one), circle.get((one + distance) % size)));
            }
        }
        if (ways.isEmpty()) {
            throw new FaultException("in a ring of " + size + " brokers each hears all others; take 5, 7 or more");
        }
        return ways;
    }

    private List<Integer> shuffled() {
        List<Integer> all = new ArrayList<>(links().nodes());
        Collections.shuffle(all, random());
        return all;
    }

    @Override
    public String verify() {
        return proofOfSilence();
    }
}

package io.flotilla.chaos.net;

import io.flotilla.chaos.fault.FaultSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * N4: brokers in two groups that cannot hear each other. {@code shape} says which: {@code isolate}, the targets and all
 * others; {@code halves}, at random; {@code random}, of random sizes, too; {@code minority}, the targets and as many more
 * as make no majority. {@code clients} says whom clients cannot reach either: {@code all} can be reached by default, or not
 * the {@code group} of the targets, or not the {@code others}.
 */
final class Partition extends LinkFault {
    private final String shape;
    private final String clients;

    Partition(FaultSpec spec, long seed, LinkClaims claims, Victims victims) {
        super(spec, seed, claims, victims);
        this.shape = parameters().choice("shape", "isolate", "halves", "random", "minority");
        this.clients = parameters().choice("clients", "all", "group", "others");
        parameters().requireAllKnown();
    }

    @Override
    public List<Integer> arm() {
        SortedSet<Integer> group = group();
        SortedSet<Integer> others = others(group);
        List<Way> ways = new ArrayList<>(ways("both", group, others));
        if (!clients.equals("all")) {
            ways.addAll(ways("both", clients.equals("group") ? group : others, List.of(Links.CLIENTS)));
        }
        claim(ways, LinkRule::withCut);
        return List.copyOf(group);
    }

    private SortedSet<Integer> group() {
        List<Integer> all = new ArrayList<>(links().nodes());
        Collections.shuffle(all, random());
        return switch (shape) {
            case "halves" -> new TreeSet<>(all.subList(0, all.size() / 2));
            case "random" -> new TreeSet<>(all.subList(0, 1 + random().nextInt(Math.max(1, all.size() - 1))));
            case "minority" -> {
                SortedSet<Integer> group = targeted();
                all.removeAll(group);
                group.addAll(all.subList(0, Math.max(0, (links().nodes().size() - 1) / 2 - group.size())));
                yield group;
            }
            default -> targeted();
        };
    }

    @Override
    public String verify() {
        return proofOfSilence();
    }
}

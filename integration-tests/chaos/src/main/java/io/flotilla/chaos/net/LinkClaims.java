package io.flotilla.chaos.net;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What several faults ask of the same links at one time. A link does what all claims on it say, one after the other; a
 * claim that is given back leaves the others as they are.
 *
 * <p>Threading: safe for all threads.
 */
public final class LinkClaims {
    private record Pair(int from, int to) {}

    /** One fault's wish for one link. Two claims are never equal. */
    static final class Claim {
        private final Pair pair;
        private final UnaryOperator<LinkRule> wish;

        private Claim(Pair pair, UnaryOperator<LinkRule> wish) {
            this.pair = pair;
            this.wish = wish;
        }
    }

    private final Links links;

    @GuardedBy("this")
    private final Map<Pair, List<Claim>> claims = new HashMap<>();

    public LinkClaims(Links links) {
        this.links = links;
    }

    Links links() {
        return links;
    }

    /** Asks something of a link, from now on. */
    synchronized Claim claim(int from, int to, UnaryOperator<LinkRule> wish) {
        Claim claim = new Claim(new Pair(from, to), wish);
        List<Claim> ofLink = claims.computeIfAbsent(claim.pair, pair -> new ArrayList<>());
        ofLink.add(claim);
        try {
            apply(claim.pair, ofLink);
        } catch (RuntimeException failure) {
            ofLink.remove(claim);
            throw failure;
        }
        return claim;
    }

    /** Asks it no longer. Twice does no harm. */
    synchronized void release(Claim claim) {
        List<Claim> ofLink = claims.getOrDefault(claim.pair, new ArrayList<>());
        if (ofLink.remove(claim)) {
            apply(claim.pair, ofLink);
        }
    }

    private void apply(Pair pair, List<Claim> ofLink) {
        LinkRule rule = LinkRule.NONE;
        for (Claim claim : ofLink) {
            rule = claim.wish.apply(rule);
        }
        links.rule(pair.from, pair.to, rule);
    }
}

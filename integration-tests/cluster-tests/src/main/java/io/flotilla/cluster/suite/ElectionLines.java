package io.flotilla.cluster.suite;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What brokers print of elections: votes and leaders as the consensus library logs them while it holds the member's lock,
 * and Flotilla's own notice of a leader that has applied an entry of its term. Both name a group by the last twelve
 * digits of its id here.
 */
public final class ElectionLines {
    private static final Pattern VOTE =
            Pattern.compile("^(\\S+) .* (\\S+)@group-(\\p{XDigit}{12}) replies to ELECTION vote request:"
                    + " (\\S+)<-\\S+?#\\d+:OK-t(\\d+)\\b");
    private static final Pattern LEADER =
            Pattern.compile("@group-(\\p{XDigit}{12}): change Leader from \\S+ to (\\S+) at term (\\d+) for ");
    private static final Pattern READY =
            Pattern.compile("leadership group=\\S*(\\p{XDigit}{12}) role=LEADER term=(\\d+) leader=(\\S+) ready=true");

    private ElectionLines() {}

    /**
     * A vote that was given.
     *
     * @param at        when it was printed, right before it was made durable and answered
     * @param candidate who got it
     * @param voter     who gave it
     */
    public record Vote(Instant at, String group, long term, String candidate, String voter) {
        /** What the candidate gets if the vote suffices. */
        public Reign reign() {
            return new Reign(group, term, candidate);
        }

        public int voterId() {
            return brokerOf(voter);
        }

        public int candidateId() {
            return brokerOf(candidate);
        }
    }

    /** That a member led its group in a term. */
    public record Reign(String group, long term, String leader) {}

    /** The vote that a line tells of, if it tells of one. */
    public static Optional<Vote> voteIn(String line) {
        Matcher vote = VOTE.matcher(line);
        if (!vote.find()) {
            return Optional.empty();
        }
        Instant at;
        try {
            at = OffsetDateTime.parse(vote.group(1)).toInstant();
        } catch (DateTimeParseException noTime) {
            throw new IllegalArgumentException("a vote without a time: " + line, noTime);
        }
        return Optional.of(new Vote(
                at,
                vote.group(3).toUpperCase(Locale.ROOT),
                Long.parseLong(vote.group(5)),
                vote.group(4),
                vote.group(2)));
    }

    /** The leadership that a line tells of, if it tells of one. */
    public static Optional<Reign> reignIn(String line) {
        Matcher leader = LEADER.matcher(line);
        if (leader.find()) {
            return "null".equals(leader.group(2))
                    ? Optional.empty()
                    : Optional.of(reign(leader.group(1), leader.group(3), leader.group(2)));
        }
        Matcher ready = READY.matcher(line);
        return ready.find() ? Optional.of(reign(ready.group(1), ready.group(2), ready.group(3))) : Optional.empty();
    }

    private static Reign reign(String group, String term, String leader) {
        return new Reign(group.toUpperCase(Locale.ROOT), Long.parseLong(term), leader);
    }

    /** Members are named {@code <node id>-<incarnation>}. */
    private static int brokerOf(String member) {
        return Integer.parseInt(member.substring(0, member.indexOf('-')));
    }
}

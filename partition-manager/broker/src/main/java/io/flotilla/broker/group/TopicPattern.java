package io.flotilla.broker.group;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.util.regex.MatchResult;

/**
 * A regular expression that names of topics match as a whole, in the syntax of RE2. Matching takes time that grows with the
 * name and the size of the expression's program only; both are bounded, since members write these and the coordinator runs
 * them.
 *
 * <p>Threading: safe.
 */
public final class TopicPattern {
    /** Longest text, in characters. */
    static final int LENGTH_MAX = 249;

    /** Largest program, in instructions. */
    static final int PROGRAM_MAX = 2_000;

    /** Largest product of all counted repetitions, such as {3}: nested ones multiply the program before it can be measured. */
    static final int REPETITIONS_MAX = 1_000;

    private static final java.util.regex.Pattern REPETITION =
            java.util.regex.Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?\\}");

    private final Pattern pattern;

    private TopicPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * @throws Refused INVALID_REQUEST if it is malformed or beyond a bound
     */
    public static TopicPattern compile(String text) {
        if (text.length() > LENGTH_MAX) {
            throw refused(
                    text.substring(0, LENGTH_MAX) + "...",
                    "it has " + text.length() + " characters, at most " + LENGTH_MAX + " are taken");
        }
        requireFewRepetitions(text);
        try {
            Pattern compiled = Pattern.compile(text);
            if (compiled.programSize() > PROGRAM_MAX) {
                throw refused(
                        text,
                        "its program has " + compiled.programSize() + " instructions, at most " + PROGRAM_MAX
                                + " are taken; repeat less");
            }
            return new TopicPattern(compiled);
        } catch (PatternSyntaxException malformed) {
            throw refused(text, String.valueOf(malformed.getMessage()));
        }
    }

    private static void requireFewRepetitions(String text) {
        long product = 1;
        for (MatchResult found : REPETITION.matcher(text).results().toList()) {
            String most = found.group(2) == null || found.group(2).isEmpty() ? found.group(1) : found.group(2);
            product *= Math.max(1, Long.parseLong(most));
            if (product > REPETITIONS_MAX) {
                throw refused(text, "its counted repetitions multiply to more than " + REPETITIONS_MAX);
            }
        }
    }

    private static Refused refused(String text, String why) {
        return new Refused(
                ErrorCode.INVALID_REQUEST,
                "the topic pattern '" + text + "' is refused, give a regular expression of RE2: " + why);
    }

    /** Whether the whole name matches. */
    public boolean matches(String name) {
        return pattern.matches(name);
    }
}

package io.flotilla.chaos.fault;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a fault's parameters; whoever made this calls {@link #requireAllKnown} after the last one, so that a misspelt name
 * does not pass for a default.
 *
 * <p>Threading: confined.
 */
public final class Parameters {
    private final FaultId id;
    private final SortedMap<String, String> values;
    private final SortedSet<String> known = new TreeSet<>();

    private Parameters(FaultId id, SortedMap<String, String> values) {
        this.id = id;
        this.values = values;
    }

    public static Parameters of(FaultSpec spec) {
        return new Parameters(spec.id(), spec.parameters());
    }

    /**
     * A whole number from {@code min} to {@code max}.
     *
     * @throws FaultException if it is none
     */
    public long number(String name, long missing, long min, long max) {
        String text = text(name, Long.toString(missing));
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException noNumber) {
            throw wrong(name, text, "must be a whole number", noNumber);
        }
        throw wrong(name, text, "must be in [" + min + ", " + max + "]", null);
    }

    /**
     * A number from {@code min} to {@code max}.
     *
     * @throws FaultException if it is none
     */
    public double decimal(String name, double missing, double min, double max) {
        String text = text(name, Double.toString(missing));
        try {
            double value = Double.parseDouble(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException noNumber) {
            throw wrong(name, text, "must be a number", noNumber);
        }
        throw wrong(name, text, "must be in [" + min + ", " + max + "]", null);
    }

    /**
     * One of some words, the first of which stands for a missing one.
     *
     * @throws FaultException if it is another
     */
    public String choice(String name, String... words) {
        String text = text(name, words[0]);
        if (!List.of(words).contains(text)) {
            throw wrong(name, text, "must be one of " + Arrays.toString(words), null);
        }
        return text;
    }

    public String text(String name, String missing) {
        known.add(name);
        return values.getOrDefault(name, missing);
    }

    /** @throws FaultException if there is a parameter that nobody asked for */
    public void requireAllKnown() {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new FaultException(id + " has no parameter '" + name + "'; it has " + known);
            }
        }
    }

    private FaultException wrong(String name, String text, String rule, @Nullable Throwable cause) {
        String message = "parameter " + name + " of " + id + " is '" + text + "'; " + rule;
        return cause == null ? new FaultException(message) : new FaultException(message, cause);
    }
}

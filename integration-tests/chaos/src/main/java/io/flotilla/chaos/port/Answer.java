package io.flotilla.chaos.port;

import io.flotilla.chaos.history.Outcome;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended.
 *
 * @param value what was answered, null unless the outcome is OK
 * @param error why it failed, the code first; empty if the outcome is OK
 */
public record Answer<T>(Outcome outcome, @Nullable T value, String error) {
    public static <T> Answer<T> ok(T value) {
        return new Answer<>(Outcome.OK, value, "");
    }

    /** It has certainly not happened. */
    public static <T> Answer<T> fail(String error) {
        return new Answer<>(Outcome.FAIL, null, error);
    }

    /** It may have happened, or may yet. */
    public static <T> Answer<T> info(String error) {
        return new Answer<>(Outcome.INFO, null, error);
    }

    public boolean isOk() {
        return outcome == Outcome.OK;
    }

    /**
     * The value.
     *
     * @throws IllegalStateException if there is none; the message has the error
     */
    public T get() {
        T known = value;
        if (known == null) {
            throw new IllegalStateException("no answer: " + error);
        }
        return known;
    }

    /** The same outcome with what a function makes of the value. */
    public <R> Answer<R> map(Function<T, R> function) {
        T known = value;
        return new Answer<>(outcome, known == null ? null : function.apply(known), error);
    }
}

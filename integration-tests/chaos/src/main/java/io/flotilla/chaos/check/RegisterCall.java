package io.flotilla.chaos.check;

import org.jspecify.annotations.Nullable;

/**
 * A call about a topic as a register: {@code create} needs none, {@code alter} and {@code delete} need one, {@code
 * describe} tells.
 *
 * @param value    written, or read; empty for no topic
 * @param returned {@link Long#MAX_VALUE} if it may take effect at any time since
 * @param certain  false if it may also never take effect, or find its condition not met
 */
record RegisterCall(long op, String call, String value, long invoked, long returned, boolean certain) {
    /** What a register holds of which nothing is known yet. */
    static final String ANY = "?";

    /** What the register holds after this call; null if it cannot have come now. */
    @Nullable
    String after(String register) {
        boolean any = register.equals(ANY);
        boolean exists = !register.isEmpty();
        boolean fits =
                switch (call) {
                    case "describe" -> any || register.equals(value);
                    case "create" -> any || !exists;
                    case "alter", "delete" -> exists;
                    default ->
                        throw new IllegalArgumentException(
                                "there is no call '" + call + "': it is create, delete, alter or describe");
                };
        if (fits) {
            return call.equals("delete") ? "" : value;
        }
        return certain ? null : register;
    }

    @Override
    public String toString() {
        return String.format(
                "op %d %s %s[%.3f, %s s]",
                op,
                call,
                value.isEmpty() ? "" : value + " ",
                invoked / 1e9,
                returned == Long.MAX_VALUE ? "unknown" : String.format("%.3f", returned / 1e9));
    }
}

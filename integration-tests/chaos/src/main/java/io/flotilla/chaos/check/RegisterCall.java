package io.flotilla.chaos.check;

import org.jspecify.annotations.Nullable;

/**
 * A call about a topic as a register: {@code create} needs none, {@code alter} needs one, {@code delete} makes sure
 * that there is none: it succeeds too when its second attempt finds none. {@code describe} tells.
 *
 * @param value    written, or read; empty for no topic
 * @param returned {@link Long#MAX_VALUE} if it may take effect at any time since
 * @param certain  false if it may also never take effect, or find its condition not met
 */
record RegisterCall(long op, String call, String value, long invoked, long returned, boolean certain) {
    /** What a register holds of which nothing is known yet. */
    static final String ANY = "?";

    /** What the register holds after this call, if it has its effect now; null if it cannot. */
    @Nullable
    String after(String register) {
        boolean any = register.equals(ANY);
        boolean exists = !register.isEmpty();
        return switch (call) {
            case "describe" -> any || register.equals(value) ? value : null;
            case "create" -> any || !exists ? value : null;
            case "alter" -> exists ? value : null;
            // An attempt that went unanswered may have found one, or another client's call taken it away since.
            case "delete" -> exists || certain ? "" : null;
            default ->
                throw new IllegalArgumentException(
                        "there is no call '" + call + "': it is create, delete, alter or describe");
        };
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

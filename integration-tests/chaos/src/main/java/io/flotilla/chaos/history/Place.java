package io.flotilla.chaos.history;

/** One partition; in a line, {@code "orders-3"}. */
public record Place(String topic, int partition) {
    @Override
    public String toString() {
        return topic + "-" + partition;
    }

    /** @throws IllegalArgumentException if the text does not end with a dash and a number */
    public static Place parse(String text) {
        int dash = text.lastIndexOf('-');
        if (dash < 1) {
            throw new IllegalArgumentException("'" + text + "' names no partition; write topic-number");
        }
        return new Place(text.substring(0, dash), Integer.parseInt(text.substring(dash + 1)));
    }
}

package io.flotilla.cluster;

import java.nio.charset.StandardCharsets;

/**
 * Waits for a text to appear in a growing log, reading each byte about once: a broker in trouble prints a lot.
 *
 * <p>Threading: confined to the thread that looks.
 */
final class LineWatch {
    private final BrokerLog log;
    private final String text;
    private long position;
    private boolean seen;

    LineWatch(BrokerLog log, long from, String text) {
        this.log = log;
        this.text = text;
        position = from;
    }

    /** Looks at what is new, and says whether the text has appeared by now. */
    boolean seen() {
        byte[] added = seen ? new byte[0] : log.bytesFrom(position);
        seen = seen || new String(added, StandardCharsets.UTF_8).contains(text);
        // The text may have been printed in part: its beginning is looked at again.
        position += Math.max(0, added.length - text.getBytes(StandardCharsets.UTF_8).length + 1);
        return seen;
    }
}

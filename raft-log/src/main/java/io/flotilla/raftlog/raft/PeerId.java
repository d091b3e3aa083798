package io.flotilla.raftlog.raft;

import java.util.regex.Pattern;

/**
 * Names a voter: {@code <node id>-<directory id>}. A broker whose disk was wiped has another directory id and so is
 * another peer, which can never vote with amnesia.
 */
public record PeerId(String value) {
    private static final Pattern FORM = Pattern.compile("\\d+-[0-9a-zA-Z_]+");

    public PeerId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("peer id '" + value + "' is not of the form <node id>-<directory id>");
        }
    }

    public static PeerId of(int nodeId, String directoryId) {
        return new PeerId(nodeId + "-" + directoryId);
    }

    public int nodeId() {
        return Integer.parseInt(value.substring(0, value.indexOf('-')));
    }

    public String directoryId() {
        return value.substring(value.indexOf('-') + 1);
    }

    @Override
    public String toString() {
        return value;
    }
}

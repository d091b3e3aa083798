package io.flotilla.raftlog.raft.ratis.conformance;

import java.nio.charset.StandardCharsets;

/** Looks for the first id of a node in a stream of bytes that is not the receiver's own. */
final class SenderScan {
    private static final byte[] SUFFIX = ("-" + LinkProxy.DIRECTORY).getBytes(StandardCharsets.ISO_8859_1);

    private final int receiver;
    private int matched;
    private int digit;
    private byte before;

    SenderScan(int receiver) {
        this.receiver = receiver;
    }

    /** @return the node's number, 0 while none is known */
    int find(byte[] buffer, int bytes) {
        for (int i = 0; i < bytes; i++) {
            byte now = buffer[i];
            if (matched > 0 && now == SUFFIX[matched]) {
                matched++;
            } else if (now == SUFFIX[0] && before >= '1' && before <= '9') {
                digit = before - '0';
                matched = 1;
            } else {
                matched = 0;
            }
            before = now;
            if (matched == SUFFIX.length) {
                matched = 0;
                if (digit != receiver) {
                    return digit;
                }
            }
        }
        return 0;
    }
}

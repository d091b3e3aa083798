package io.flotilla.raftlog.raft.ratis.transport;

import java.util.Optional;

/** Messages of one lane wait for each other, those of different lanes do not. The codes are on the wire. */
public enum Lane {
    /** Entries and their acknowledgements. */
    BULK(1),
    /** What an election or a lease hangs on: votes, heartbeats, read indexes, hand-overs. Small, and never behind entries. */
    URGENT(2);

    private final int code;

    Lane(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Optional<Lane> ofCode(int code) {
        return switch (code) {
            case 1 -> Optional.of(BULK);
            case 2 -> Optional.of(URGENT);
            default -> Optional.empty();
        };
    }
}

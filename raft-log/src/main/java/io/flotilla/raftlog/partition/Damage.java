package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.index.DamagedIndex;
import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.DamagedState;
import io.flotilla.raftlog.segment.CorruptLog;
import java.io.EOFException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** What of a replica is damaged, as far as its failure tells. Pure. */
enum Damage {
    /** Nothing that a repair would help against: a disk that fails, or a replica that was stopped on purpose. */
    NONE,
    /** Segments or checkpoint. */
    FILES,
    /** The index that all replicas share; what is told of the files then follows from it. */
    INDEX,
    /** What the Raft member has to remember. */
    MEMBER;

    private static final int CAUSES_MAX = 16;

    /** The worst that is among a failure and its causes. */
    static Damage of(Optional<? extends Throwable> failure) {
        Damage worst = NONE;
        Throwable cause = failure.orElse(null);
        for (int i = 0; i < CAUSES_MAX && cause != null; i++) {
            Damage found = kindOf(cause);
            worst = found.compareTo(worst) > 0 ? found : worst;
            cause = cause.getCause();
        }
        return worst;
    }

    private static Damage kindOf(Throwable cause) {
        if (cause instanceof DamagedMember) {
            return MEMBER;
        }
        if (cause instanceof DamagedState
                || cause instanceof CorruptLog
                || cause instanceof EOFException
                || cause instanceof NoSuchFileException) {
            return FILES;
        }
        return cause instanceof DamagedIndex ? INDEX : NONE;
    }
}

package io.flotilla.raftlog.raft.tls;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file that no peer could be convinced with. The message says what is wrong and the remedy, but not which file. */
public final class UnusableTlsFile extends IOException {
    private static final long serialVersionUID = 1;

    private final TlsFiles.Part part;

    UnusableTlsFile(TlsFiles.Part part, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.part = part;
    }

    public TlsFiles.Part part() {
        return part;
    }
}

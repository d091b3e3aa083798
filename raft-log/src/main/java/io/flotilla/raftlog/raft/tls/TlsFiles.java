package io.flotilla.raftlog.raft.tls;

import java.nio.file.Path;

/**
 * Where a host's proof of who it is lies: text files in PEM form.
 *
 * @param certificate the host's own, then those between it and its authority, if any
 * @param key         its private key, PKCS#8 and not encrypted
 * @param authorities one or more certificates of those who may sign for peers, and have signed for this host
 */
public record TlsFiles(Path certificate, Path key, Path authorities) {
    /** One of the files. */
    public enum Part {
        CERTIFICATE,
        KEY,
        AUTHORITIES
    }

    public Path of(Part part) {
        return switch (part) {
            case CERTIFICATE -> certificate;
            case KEY -> key;
            case AUTHORITIES -> authorities;
        };
    }
}

package io.flotilla.raftlog.raft.ratis;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * The file in which Ratis keeps a member's term and vote, {@code raft-meta}.
 *
 * @param votedFor empty for nobody
 */
record VoteFile(long term, String votedFor) {
    /** Empty if the file is missing, or does not hold both. */
    static Optional<VoteFile> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) { // which knows every byte
            properties.load(reader);
            String term = properties.getProperty("term");
            String votedFor = properties.getProperty("votedFor");
            return term == null || votedFor == null
                    ? Optional.empty()
                    : Optional.of(new VoteFile(Long.parseLong(term), votedFor));
        } catch (IllegalArgumentException damaged) { // also of a malformed escape in the file
            return Optional.empty();
        }
    }
}

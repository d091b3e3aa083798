package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/**
 * The file in which Ratis keeps the newest committed configuration, {@code raft-meta.conf}: the log's entry as it is.
 *
 * @param position of that entry; at term 0 if the peers did not come by the log, as the founders' at index 0
 * @param crc      CRC-32C of the file
 */
record PeersFile(LogPosition position, int crc) {
    /** Empty if it names no peers. */
    static Optional<PeersFile> read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            LogEntryProto entry = LogEntryProto.parseFrom(bytes);
            if (!namesPeers(entry)) {
                return Optional.empty();
            }
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, bytes.length);
            return Optional.of(new PeersFile(new LogPosition(entry.getTerm(), entry.getIndex()), (int) crc.getValue()));
        } catch (InvalidProtocolBufferException damaged) {
            return Optional.empty();
        }
    }

    private static boolean namesPeers(LogEntryProto entry) {
        return entry.hasConfigurationEntry()
                && entry.getConfigurationEntry().getPeersCount() > 0
                && entry.getConfigurationEntry().getPeersList().stream()
                        .noneMatch(peer ->
                                peer.getId().isEmpty() || peer.getAddress().isEmpty());
    }
}

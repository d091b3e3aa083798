package io.flotilla.chaos.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Tells which of some processes has opened a connection on this machine, as {@code /proc} shows it. */
final class SocketOwners {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp6"), Path.of("/proc/net/tcp"));
    /** Columns of those tables. */
    private static final int LOCAL = 1;

    private static final int REMOTE = 2;
    private static final int INODE = 9;

    private SocketOwners() {}

    /**
     * The key of the process that owns the connecting end; empty if none of them does.
     *
     * @param connecting address from which the connection comes
     * @param accepting  address at which it was accepted
     * @param pids       process ids by key
     */
    static Optional<Integer> ownerOf(InetSocketAddress connecting, InetSocketAddress accepting, Map<Integer, Long> pids)
            throws IOException {
        Optional<String> inode = inodeOf(connecting.getPort(), accepting.getPort());
        if (inode.isEmpty()) {
            return Optional.empty();
        }
        Path socket = Path.of("socket:[" + inode.get() + "]");
        return pids.entrySet().stream()
                .filter(candidate -> holds(candidate.getValue(), socket))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static Optional<String> inodeOf(int localPort, int remotePort) throws IOException {
        String local = String.format(Locale.ROOT, ":%04X", localPort);
        String remote = String.format(Locale.ROOT, ":%04X", remotePort);
        for (Path table : TABLES) {
            if (!Files.exists(table)) {
                continue; // a machine without IPv6
            }
            for (String line : Files.readAllLines(table)) {
                String[] columns = line.strip().split("\\s+");
                if (columns.length > INODE && columns[LOCAL].endsWith(local) && columns[REMOTE].endsWith(remote)) {
                    return Optional.of(columns[INODE]);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean holds(long pid, Path socket) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path descriptor : descriptors) {
                if (isLinkTo(descriptor, socket)) {
                    return true;
                }
            }
            return false;
        } catch (IOException ended) {
            return false; // a process that is gone owns nothing
        }
    }

    private static boolean isLinkTo(Path descriptor, Path socket) {
        try {
            return Files.readSymbolicLink(descriptor).equals(socket);
        } catch (IOException closed) {
            return false; // closed while the folder was listed
        }
    }
}

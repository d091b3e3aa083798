package io.flotilla.controlplane;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.ratis.LoggedEntries;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what brokers purge from the Raft logs of their metadata: a second name, a hard link, for every file of a log, from
 * the moment it is seen, so that also what is written to it later is kept.
 *
 * <pre>
 * &lt;folder&gt;/&lt;broker&gt;/&lt;number of the file's inode&gt;/&lt;the newest name under which it was seen&gt;
 * </pre>
 *
 * <p>Threading: a thread of its own looks for files; all else is for one thread.
 */
final class KeptLogs implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(30);

    private final GroupId group;
    private final Path folder;
    private final List<Path> dataFolders;
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "kept-logs"));
    private volatile @Nullable Exception failure;

    private KeptLogs(GroupId group, Path folder, List<Path> dataFolders) {
        this.group = group;
        this.folder = folder;
        this.dataFolders = dataFolders;
    }

    /**
     * Keeps all files from now on. The caller closes it once no broker runs.
     *
     * @param folder      made here, on the file system of the brokers
     * @param dataFolders of the brokers
     */
    static KeptLogs start(GroupId group, Path folder, List<Path> dataFolders) throws IOException {
        Files.createDirectories(folder);
        KeptLogs kept = new KeptLogs(group, folder, List.copyOf(dataFolders));
        var unused =
                kept.looking.scheduleWithFixedDelay(kept::look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        return kept;
    }

    private void look() {
        try {
            keepAll();
        } catch (IOException | RuntimeException failed) {
            failure = failed; // told by finish
        }
    }

    private void keepAll() throws IOException {
        for (int i = 0; i < dataFolders.size(); i++) {
            Path log = LoggedEntries.folderOf(dataFolders.get(i).resolve("raft"), group);
            for (Path file : filesIn(log)) {
                if (file.getFileName().toString().startsWith("log_")) {
                    keep(file, folder.resolve(Integer.toString(i + 1)));
                }
            }
        }
    }

    private static void keep(Path file, Path brokerFolder) throws IOException {
        try {
            Path home =
                    brokerFolder.resolve(Files.getAttribute(file, "unix:ino").toString());
            Path link = home.resolve(file.getFileName());
            if (Files.exists(link)) {
                return;
            }
            Files.createDirectories(home);
            Files.createLink(link, file);
            for (Path name : filesIn(home)) {
                if (!name.equals(link)) {
                    Files.delete(name); // it has been renamed since
                }
            }
        } catch (NoSuchFileException | FileAlreadyExistsException renamedMeanwhile) {
            // the next look finds it under its new name
        }
    }

    private static List<Path> filesIn(Path directory) throws IOException {
        try (Stream<Path> listed = Files.list(directory)) {
            return listed.toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    /**
     * What all logs have held, file by file. To be called once, when all brokers have been stopped in order.
     *
     * @throws IOException if a file could not be kept, or is damaged
     */
    List<List<LoggedEntries.Entry>> finish() throws IOException {
        close();
        keepAll();
        if (failure != null) {
            throw new IOException("a log of the metadata could not be kept: " + failure, failure);
        }
        List<List<LoggedEntries.Entry>> files = new ArrayList<>();
        for (Path broker : filesIn(folder)) {
            for (Path home : filesIn(broker)) {
                files.add(LoggedEntries.in(group, home));
            }
        }
        return files;
    }

    /** Looks no more. May be called twice. */
    @Override
    public void close() {
        looking.shutdown();
        try {
            if (!looking.awaitTermination(END_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the look at the logs did not end within " + END_TIMEOUT);
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.flotilla.raftlog.segment;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Changes to files and folders that survive a loss of power once the method returns. */
public final class DurableFiles {
    private static final String UNFINISHED = ".tmp";

    private DurableFiles() {}

    /** Replaces a file's content as a whole: after a crash the file holds the old content or the new. */
    public static void replace(Path file, ByteBuffer content) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        Uninterruptible.run(() -> {
            try (FileChannel channel = FileChannel.open(unfinished, CREATE, TRUNCATE_EXISTING, WRITE)) {
                ByteBuffer rest = content.duplicate();
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
        });
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(folderOf(file));
    }

    /** Makes creations, renames and deletions in a folder durable. */
    public static void syncFolder(Path folder) throws IOException {
        Uninterruptible.run(() -> {
            try (FileChannel channel = FileChannel.open(folder, READ)) {
                channel.force(true);
            }
        });
    }

    /** Makes a folder and its missing parents. */
    public static void createFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Path parent = folderOf(folder);
            createFolder(parent);
            Files.createDirectory(folder);
            syncFolder(parent);
        }
    }

    /** Deletes a folder with all it holds; one that is not there is no error. */
    public static void deleteFolder(Path folder) throws IOException {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
            syncFolder(folderOf(folder));
        } catch (NoSuchFileException absent) {
            syncFolder(folderOf(folder));
        }
    }

    private static Path folderOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(file + " is the root of its file system");
        }
        return parent;
    }
}

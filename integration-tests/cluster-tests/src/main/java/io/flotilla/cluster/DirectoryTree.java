package io.flotilla.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders with all they hold. */
public final class DirectoryTree {
    private DirectoryTree() {}

    /** Removes a folder that nobody writes to any more. */
    public static void delete(Path directory) throws IOException {
        clear(directory);
        Files.delete(directory);
    }

    /** Removes all that is in a folder to which nobody writes any more, and leaves the folder, which may be a mount. */
    public static void clear(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.filter(path -> !path.equals(directory))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}

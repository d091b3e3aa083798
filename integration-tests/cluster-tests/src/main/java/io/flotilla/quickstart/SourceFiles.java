package io.flotilla.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The project's own sources, as its checkout tracks them: every line a record, keyed by its file's name. */
final class SourceFiles implements LineInput {
    private final Path root;
    private final List<String> names;

    private SourceFiles(Path root, List<String> names) {
        this.root = root;
        this.names = names;
    }

    /**
     * @param root of a checkout
     * @throws InputRefused if it is none
     */
    static SourceFiles trackedIn(Path root) throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : tracked(root)) {
            Path file = root.resolve(name);
            if (Files.isRegularFile(file) && isText(file)) {
                names.add(name);
            }
        }
        return new SourceFiles(root, names);
    }

    private static List<String> tracked(Path root) throws IOException {
        Process git = new ProcessBuilder("git", "-C", root.toString(), "ls-files", "-z")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (git.waitFor() != 0) {
                throw new InputRefused(root + " is not a checkout of the project", "name a file with --input FILE");
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while listing the files of " + root, interruption);
        }
        return List.of(output.split("\0"));
    }

    private static boolean isText(Path file) throws IOException {
        for (byte next : Files.readAllBytes(file)) {
            if (next == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String description() {
        return names.size() + " source files of " + root;
    }

    @Override
    public String keyDescription() {
        return "the file's name";
    }

    @Override
    public void forEach(Sink sink) throws IOException {
        for (String name : names) {
            byte[] key = name.getBytes(StandardCharsets.UTF_8);
            FileInput.forEachLine(root.resolve(name), line -> sink.accept(key, line));
        }
    }
}

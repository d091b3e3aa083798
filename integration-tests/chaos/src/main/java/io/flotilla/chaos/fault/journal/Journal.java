package io.flotilla.chaos.fault.journal;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The file {@value #FILE} of a run: what has to be undone, written and forced before it is done, and struck out after it
 * was undone. Whoever makes something that outlives a killed harness, such as a namespace or a mount, calls {@link #add}
 * first, then makes it, and calls {@link #done} once it is gone. {@link Cleanup} undoes what was left.
 *
 * <p>Threading: safe.
 */
public final class Journal implements AutoCloseable {
    public static final String FILE = "journal.jsonl";

    /** A process that was started: arguments are its id and its start. It is killed. */
    public static final String PROCESS = "process";

    /**
     * A file into which a process writes its line of {@code /proc/<pid>/stat} before it becomes what it is to be, see {@link
     * #recordingLauncher}. That process is killed.
     */
    public static final String PROCESS_FILE = "process-file";

    /** A process of somebody else's that was stopped: arguments as of {@link #PROCESS}. It goes on. */
    public static final String STOPPED = "stopped";

    /** A file that has an effect as long as it is there. It is deleted. */
    public static final String CONTROL_FILE = "control-file";

    /** The harness: arguments as of {@link #PROCESS}. As long as it lives nobody else cleans up. */
    static final String HARNESS = "harness";

    /** Writes the shell's own identity into the file named first, and becomes the command behind it. */
    private static final String RECORD = "read -r stat </proc/$$/stat && echo \"$stat\" >\"$0\" && exec \"$@\"";

    private static final Gson JSON = new Gson();

    private final FileChannel channel;
    private long last;

    private Journal(FileChannel channel, long last) {
        this.channel = channel;
        this.last = last;
    }

    /**
     * Opens the journal of a run, whose folder is made if needed, and writes down who this harness is.
     *
     * @throws IOException if it cannot be written
     */
    public static Journal open(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(FILE);
        long last = Cleanup.entries(file).stream()
                .mapToLong(JournalEntry::number)
                .max()
                .orElse(0);
        var journal = new Journal(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), last);
        journal.add(HARNESS, identity(ProcessIdentity.own()), List.of());
        return journal;
    }

    /**
     * Writes down what is about to be made; returns once that is durable.
     *
     * @param undo command that undoes it, and fails or not if there is nothing to undo; empty for the kinds above
     * @return the number to strike it out by
     */
    public synchronized long add(String kind, List<String> arguments, List<String> undo) {
        last++;
        append(JSON.toJsonTree(new JournalEntry(last, kind, arguments, undo)).getAsJsonObject());
        return last;
    }

    /** It was undone. Twice does no harm. */
    public synchronized void done(long number) {
        var line = new JsonObject();
        line.addProperty("done", number);
        append(line);
    }

    /** A process that runs, of this harness or not. */
    public long add(String kind, ProcessIdentity process) {
        return add(kind, identity(process), List.of());
    }

    /**
     * Words before the command of a process that is to be known even if this harness dies right after starting it: it
     * writes itself into the file, and then becomes the command. The journal has the file already.
     */
    public List<String> recordingLauncher(Path file) {
        return List.of("sh", "-c", RECORD, file.toAbsolutePath().toString());
    }

    private static List<String> identity(ProcessIdentity process) {
        return List.of(Long.toString(process.pid()), Long.toString(process.startTicks()));
    }

    private void append(JsonObject line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap((JSON.toJson(line) + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the journal; see that its disk has room", failure);
        }
    }

    /** Strikes nothing out: whoever made an entry has done so. May be called twice. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot close the journal", failure);
        }
    }
}

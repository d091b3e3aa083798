package io.flotilla.bitrot;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One file that is not what it was: how it was, how the disk has made it, and whether it still is so. */
public final class Damage {
    private static final Pattern RAFT_LOG = Pattern.compile("log_(?:inprogress_(\\d+)|(\\d+)-(\\d+))");
    /** Behind the last entry of a Raft log: the checksum of it may end with zeros that are no padding. */
    private static final int CHECKSUM_BYTES = 4;

    /** Of which an earlier state is what a crash leaves. */
    private static final Set<String> OUTDATED_IS_SOUND = Set.of("installed", "checkpoint", "metadata.snapshot");

    /** Of which no byte stays when anything changes; a new one can have the damaged byte at the same place by chance. */
    private static final Set<String> REPLACED_AS_A_WHOLE = Set.of(
            "raft-meta",
            "raft-meta.conf",
            "installed",
            "checkpoint",
            "metadata.snapshot",
            "meta.properties",
            "meta.properties.copy");

    private final Unit unit;
    private final String kind;
    private final Path file;
    private final Mutation mutation;
    private final String description;
    private final byte[] before;
    private final byte @Nullable [] after;

    /**
     * @param description completes the sentence "the disk did a …"
     * @param after       the content then; null if the file is gone
     */
    Damage(Unit unit, Path file, Mutation mutation, String description, byte[] before, byte @Nullable [] after)
            throws IOException {
        this.unit = unit;
        this.kind = unit.kindOf(file);
        this.file = file;
        this.mutation = mutation;
        this.description = description;
        this.before = before;
        this.after = after;
    }

    public Unit unit() {
        return unit;
    }

    public Mutation mutation() {
        return mutation;
    }

    public String kind() {
        return kind;
    }

    /** Whether it changes anything at all. */
    public boolean isChange() {
        return !Arrays.equals(before, after);
    }

    /** Puts the file into its damaged state, durably. */
    public void apply() throws IOException {
        write(file, after);
    }

    /**
     * Changes the damaged bytes only, durably, as a disk does under a broker that runs; what was appended meanwhile stays.
     *
     * @throws IllegalStateException if the damage has another length, or a file that is gone
     */
    public void applyInPlace() throws IOException {
        byte[] damaged = after;
        if (damaged == null || damaged.length != before.length) {
            throw new IllegalStateException(this + " cannot be done in place");
        }
        int from = from(damaged);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(damaged, from, to(damaged) - from);
            long position = from;
            while (bytes.hasRemaining()) {
                position += channel.write(bytes, position);
            }
            channel.force(false);
        }
    }

    private static void write(Path file, byte @Nullable [] content) throws IOException {
        if (content == null) {
            Files.deleteIfExists(file);
            return;
        }
        Files.write(file, content);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Whether it took away a file whose name is given only once: what takes its place has another. */
    boolean isLossOfNumberedFile() {
        return after == null && isOfIndex();
    }

    private boolean isOfIndex() {
        return kind.startsWith("index ");
    }

    /** Whether the disk shows it, right after it was done. */
    public boolean isDone() throws IOException {
        return after == null ? !Files.exists(file) : remains();
    }

    /** Whether the damage is still on the disk. It is not if the file's whole folder was given up. */
    public boolean remains() throws IOException {
        byte[] damaged = after;
        if (!Files.isDirectory(folder())) {
            return false;
        }
        Path now = currentFile();
        if (damaged == null) {
            return !Files.exists(now) && !isPurged();
        }
        if (!Files.exists(now)) {
            return false;
        }
        byte[] content = Files.readAllBytes(now);
        if (REPLACED_AS_A_WHOLE.contains(Unit.nameOf(file))) {
            return Arrays.equals(content, damaged);
        }
        int from = from(damaged);
        return from == damaged.length
                ? content.length == damaged.length
                : content.length >= to(damaged)
                        && Arrays.equals(content, from, to(damaged), damaged, from, to(damaged));
    }

    /** First byte that differs, or the end if it was cut. */
    private int from(byte[] damaged) {
        int mismatch = Arrays.mismatch(before, damaged);
        return mismatch < 0 ? damaged.length : mismatch;
    }

    /** Behind the last damaged byte. */
    private int to(byte[] damaged) {
        if (damaged.length != before.length) {
            return damaged.length;
        }
        int last = damaged.length;
        while (last > 0 && damaged[last - 1] == before[last - 1]) {
            last--;
        }
        return last;
    }

    /** An open file of a Raft log may have been closed, which renames it. */
    private Path currentFile() throws IOException {
        Matcher name = RAFT_LOG.matcher(Unit.nameOf(file));
        if (Files.exists(file) || !name.matches() || name.group(1) == null) {
            return file;
        }
        String closed = "log_" + name.group(1) + "-";
        return siblings().stream()
                .filter(sibling -> Unit.nameOf(sibling).startsWith(closed))
                .findFirst()
                .orElse(file);
    }

    private List<Path> siblings() throws IOException {
        try (Stream<Path> siblings = Files.list(folder())) {
            return siblings.toList();
        }
    }

    private Path folder() {
        Path folder = file.getParent();
        if (folder == null) {
            throw new IllegalStateException(file + " lies in no folder");
        }
        return folder;
    }

    /** Whether it was a file of a Raft log whose entries the log has, or needs no more. */
    private boolean isPurged() throws IOException {
        Matcher name = RAFT_LOG.matcher(Unit.nameOf(file));
        if (!name.matches()) {
            return false;
        }
        long first = firstIndex(name);
        long earliest = siblings().stream()
                .map(sibling -> RAFT_LOG.matcher(Unit.nameOf(sibling)))
                .filter(Matcher::matches)
                .mapToLong(Damage::firstIndex)
                .min()
                .orElse(first);
        return earliest > first;
    }

    private static long firstIndex(Matcher name) {
        return Long.parseLong(name.group(1) != null ? name.group(1) : name.group(2));
    }

    /**
     * Whether damage that a sound broker has not told of means nothing: to zeros behind the last entry of a Raft log, to a
     * comment, to a file that RocksDB writes for people. So does the lack of a file that could not be done without
     * unnoticed: RocksDB does not open without a table or a manifest it needs; with the rows of a log the index has lost its newest mark,
     * so that they are built again as after any crash; a member does not start without the mark of what was fetched, or with
     * another's, when that has to excuse a Raft log that ends before the checkpoint. And a replica's earlier checkpoint, or
     * an earlier snapshot of the metadata, is as good as the newest, as after a crash, while the Raft log goes on from there;
     * else the member is refused. That of another replica is told by its name. A term or a vote the member has not reached only makes it more careful, see
     * {@link #isMoreCareful}.
     */
    public boolean meansNothing() {
        String name = Unit.nameOf(file);
        if (name.startsWith("OPTIONS-") || name.equals("IDENTITY")) {
            return true;
        }
        byte[] damaged = after;
        if (damaged == null) {
            return (before.length == 0 && !name.equals("joined"))
                    || name.equals("installed")
                    || name.endsWith(".sst")
                    || (isOfIndex() && (name.endsWith(".log") || name.startsWith("MANIFEST-")));
        }
        if (OUTDATED_IS_SOUND.contains(name) && mutation == Mutation.SWAP) {
            return true;
        }
        if (name.equals("raft-meta") && isMoreCareful(propertiesOf(before), propertiesOf(damaged))) {
            return true;
        }
        if (name.equals("raft-meta") || name.startsWith("meta.properties")) {
            return propertiesOf(damaged)
                    .entrySet()
                    .containsAll(propertiesOf(before).entrySet());
        }
        return RAFT_LOG.matcher(name).matches() && from(damaged) >= endOfEntries() + CHECKSUM_BYTES;
    }

    /**
     * Whether a member with this term and vote makes fewer promises than it may: it votes for nobody in the terms between,
     * or for nobody but one in a term in which it had not voted yet. So it is after it came back without a vote, when the
     * file tells of the vote it had given before.
     */
    private static boolean isMoreCareful(Properties before, Properties damaged) {
        OptionalLong was = termOf(before);
        OptionalLong is = termOf(damaged);
        String votedFor = before.getProperty("votedFor");
        if (was.isEmpty() || is.isEmpty() || votedFor == null || damaged.getProperty("votedFor") == null) {
            return false;
        }
        return is.getAsLong() > was.getAsLong() || (is.getAsLong() == was.getAsLong() && votedFor.isEmpty());
    }

    private static OptionalLong termOf(Properties vote) {
        try {
            return OptionalLong.of(Long.parseLong(vote.getProperty("term", "")));
        } catch (NumberFormatException noNumber) {
            return OptionalLong.empty();
        }
    }

    private int endOfEntries() {
        int end = before.length;
        while (end > 0 && before[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private static Properties propertiesOf(byte[] content) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(new String(content, StandardCharsets.ISO_8859_1)));
        } catch (IllegalArgumentException malformed) {
            properties.setProperty("malformed", String.valueOf(malformed.getMessage()));
        } catch (IOException memoryDoesNotFail) {
            throw new UncheckedIOException(memoryDoesNotFail);
        }
        return properties;
    }

    /** Takes the damage back where it still is, and leaves all else as it is. */
    public void revert() throws IOException {
        if (!remains()) {
            return;
        }
        byte[] damaged = after;
        Path now = currentFile();
        if (damaged == null || damaged.length != before.length) {
            write(now, before);
            return;
        }
        byte[] content = Files.readAllBytes(now);
        int from = from(damaged);
        System.arraycopy(before, from, content, from, to(damaged) - from);
        write(now, content);
    }

    @Override
    public String toString() {
        return mutation + " " + description + " of " + kind + ", " + unit + " " + Unit.nameOf(file);
    }
}

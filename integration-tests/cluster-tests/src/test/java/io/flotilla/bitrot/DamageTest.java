package io.flotilla.bitrot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamageTest {
    private static final String SEGMENT = "00000000000000000000.log";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    Path folder;

    @Test
    void shouldRemainUntilTheByteIsAsItWas() throws IOException {
        Damage damage = damage(SEGMENT, "abcdef", "abXdef");
        damage.apply();

        assertThat(damage.remains()).isTrue();
        Files.writeString(folder.resolve(SEGMENT), "abXdef and more");
        assertThat(damage.remains()).isTrue();
        damage.revert();

        assertThat(folder.resolve(SEGMENT)).hasContent("abcdef and more");
        assertThat(damage.remains()).isFalse();
    }

    @Test
    void shouldNotTakeAnotherFileForTheDamagedOneBecauseOfOneByte() throws IOException {
        Damage damage = damage("raft-meta", "term=7 for 2-a2", "term=7 for 2-a3");
        damage.apply();

        assertThat(damage.remains()).isTrue();
        Files.writeString(folder.resolve("raft-meta"), "term=8 for 1-b3");
        assertThat(damage.remains()).isFalse();
    }

    @Test
    void shouldRemainWhileAFileIsShort() throws IOException {
        Damage damage = damage(SEGMENT, "abcdef", "abc");
        damage.apply();

        assertThat(damage.remains()).isTrue();
        Files.writeString(folder.resolve(SEGMENT), "abcde");
        assertThat(damage.remains()).isFalse();
    }

    @Test
    void shouldPutADeletedFileBack() throws IOException {
        Damage damage = damage("checkpoint", "abcdef", null);
        damage.apply();

        assertThat(damage.remains()).isTrue();
        damage.revert();

        assertThat(folder.resolve("checkpoint")).hasContent("abcdef");
    }

    @Test
    void shouldFollowAFileOfTheRaftLogThatWasClosed() throws IOException {
        Damage damage = damage("log_inprogress_7", "abcdef", "abXdef");
        damage.apply();

        Files.move(folder.resolve("log_inprogress_7"), folder.resolve("log_7-9"));

        assertThat(damage.remains()).isTrue();
    }

    @Test
    void shouldGoWithItsFolder() throws IOException {
        Path log = Files.createDirectory(folder.resolve("current"));
        Files.writeString(log.resolve("log_0-6"), "abcdef");
        Files.writeString(log.resolve("log_7-9"), "ghi");
        Damage damage = damage("current/log_0-6", "abcdef", null);
        damage.apply();
        assertThat(damage.isDone()).isTrue();

        Files.move(log, folder.resolve("set aside"));

        assertThat(damage.remains()).isFalse();
        damage.revert();
        assertThat(log).doesNotExist();
    }

    @Test
    void shouldNotMissAFileOfTheRaftLogThatIsPurged() throws IOException {
        Damage damage = damage("log_0-6", "abcdef", null);
        damage.apply();
        assertThat(damage.remains()).isTrue();

        Files.writeString(folder.resolve("log_inprogress_7"), "what follows");

        assertThat(damage.remains()).isFalse();
    }

    @Test
    void shouldDoWithoutAMarkOfWhatWasFetchedButNotWithADamagedOne() throws IOException {
        assertThat(damage("installed", "mark", null).meansNothing()).isTrue();
        assertThat(damage("installed", "mark", "marx").meansNothing()).isFalse();
        assertThat(damage("checkpoint", "abc", null).meansNothing()).isFalse();
        assertThat(damage("checkpoint", "abc", "abd").meansNothing()).isFalse();
    }

    @Test
    void shouldTellPaddingFromEntries() throws IOException {
        byte[] entries = Arrays.copyOf("entry".getBytes(StandardCharsets.US_ASCII), 20);
        byte[] inEntry = entries.clone();
        inEntry[4] ^= 1;
        byte[] inZeros = entries.clone();
        inZeros[15] ^= 1;

        assertThat(damage("log_inprogress_7", entries, inEntry).meansNothing()).isFalse();
        assertThat(damage("log_inprogress_7", entries, inZeros).meansNothing()).isTrue();
        assertThat(damage("00000000000000000000.log", entries, inZeros).meansNothing())
                .isFalse();
    }

    @Test
    void shouldTellACommentFromAVote() throws IOException {
        assertThat(damage("raft-meta", "#Monday\nterm=7\n", "#Mondax\nterm=7\n").meansNothing())
                .isTrue();
        assertThat(damage("raft-meta", "#Monday\nterm=7\n", "#Monday\nterm=6\n").meansNothing())
                .isFalse();
    }

    @Test
    void shouldTellAVoteThatBindsMoreFromOneThatForgets() throws IOException {
        String open = "term=7\nvotedFor=\n";
        String voted = "term=7\nvotedFor=2\n";
        String later = "term=8\nvotedFor=\n";

        assertThat(damage("raft-meta", open, voted).meansNothing()).isTrue();
        assertThat(damage("raft-meta", voted, later).meansNothing()).isTrue();
        assertThat(damage("raft-meta", voted, open).meansNothing()).isFalse();
        assertThat(damage("raft-meta", later, voted).meansNothing()).isFalse();
        assertThat(damage("raft-meta", voted, "term=7\nvotedFor=3\n").meansNothing())
                .isFalse();
        assertThat(damage("raft-meta", open, "term=7\n").meansNothing()).isFalse();
        assertThat(damage("raft-meta", open, "term=x\nvotedFor=2\n").meansNothing())
                .isFalse();
    }

    @Test
    void shouldTakeAnEarlierCheckpointForOneAfterACrashButNoOtherDamage() throws IOException {
        assertThat(damage("checkpoint", Mutation.SWAP, "abc", "abd").meansNothing())
                .isTrue();
        assertThat(damage("metadata.snapshot", Mutation.SWAP, "abc", "abd").meansNothing())
                .isTrue();
        assertThat(damage("checkpoint", Mutation.FLIP, "abc", "abd").meansNothing())
                .isFalse();
        assertThat(damage("metadata.snapshot", Mutation.FLIP, "abc", "abd").meansNothing())
                .isFalse();
    }

    @Test
    void shouldDoWithoutWhatTheIndexBuildsAgain() throws IOException {
        var index = new Unit("index", OptionalInt.empty(), List.of(folder), List.of());

        assertThat(deleted(index, "000004.sst").meansNothing()).isTrue();
        assertThat(deleted(index, "000007.log").meansNothing()).isTrue();
        assertThat(deleted(index, "MANIFEST-000005").meansNothing()).isTrue();
        assertThat(deleted(index, "MANIFEST-000005").isLossOfNumberedFile()).isTrue();
        assertThat(deleted(index, "CURRENT").meansNothing()).isFalse();
        assertThat(damage("00000000000000000000.log", "abc", null).isLossOfNumberedFile())
                .isFalse();
        assertThat(damage("00000000000000000000.log", "abc", null).meansNothing())
                .isFalse();
    }

    private Damage deleted(Unit unit, String name) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "rows");
        return new Damage(unit, file, Mutation.DELETE, "", Files.readAllBytes(file), null);
    }

    private Damage damage(String name, Mutation mutation, String before, String after) throws IOException {
        Path file = Files.writeString(folder.resolve(name), before);
        var unit = new Unit("partition 1", OptionalInt.of(1), List.of(folder), List.of());
        return new Damage(
                unit, file, mutation, "", Files.readAllBytes(file), after.getBytes(StandardCharsets.US_ASCII));
    }

    private Damage damage(String name, String before, @Nullable String after) throws IOException {
        return damage(
                name,
                before.getBytes(StandardCharsets.US_ASCII),
                after == null ? null : after.getBytes(StandardCharsets.US_ASCII));
    }

    private Damage damage(String name, byte[] before, byte @Nullable [] after) throws IOException {
        Path file = Files.write(folder.resolve(name), before);
        var unit = new Unit("partition 1", OptionalInt.of(1), List.of(folder), List.of());
        return new Damage(unit, file, Mutation.FLIP, "", before, after);
    }
}

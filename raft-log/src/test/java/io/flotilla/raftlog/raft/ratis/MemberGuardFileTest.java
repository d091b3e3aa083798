package io.flotilla.raftlog.raft.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raftlog.partition.StoredExample;
import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberGuardFileTest {
    private static final GroupId GROUP = new GroupId(new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L));
    private static final MemberGuard GUARD = new MemberGuard(
            5, "2-d2", new LogPosition(5, 42), new LogPosition(3, 17), 0xCAFEBABE, new LogPosition(2, 9));

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    private static MemberGuard flushedTo(long index) {
        return new MemberGuard(1, "", new LogPosition(1, index), LogPosition.NONE, 0, LogPosition.NONE);
    }

    private void write(MemberGuard... guards) throws IOException {
        try (MemberGuardFile file = MemberGuardFile.open(GROUP, folder)) {
            for (MemberGuard guard : guards) {
                file.write(guard);
            }
        }
    }

    private byte[] bytes() throws IOException {
        return Files.readAllBytes(folder.resolve("guard"));
    }

    @Test
    void shouldReadAndWriteTheStoredFormat() throws IOException {
        byte[] stored = StoredExample.read(MemberGuardFileTest.class, "member-guard-1.hex")
                .array(); // the seventh write
        byte[] slots = new byte[2 * MemberGuardFile.SLOT_BYTES];
        System.arraycopy(stored, 0, slots, MemberGuardFile.SLOT_BYTES, stored.length);
        Files.write(folder.resolve("guard"), slots);

        assertThat(MemberGuardFile.read(GROUP, folder)).contains(GUARD);
        Files.delete(folder.resolve("guard"));
        write(flushedTo(1), flushedTo(2), flushedTo(3), flushedTo(4), flushedTo(5), flushedTo(6), GUARD);
        assertThat(Arrays.copyOfRange(bytes(), MemberGuardFile.SLOT_BYTES, 2 * MemberGuardFile.SLOT_BYTES))
                .isEqualTo(Arrays.copyOf(stored, MemberGuardFile.SLOT_BYTES));
    }

    @Test
    void shouldBeEmptyWithoutAFile() throws IOException {
        assertThat(MemberGuardFile.read(GROUP, folder)).isEmpty();
        assertThat(MemberGuardFile.exists(folder)).isFalse();
    }

    @Test
    void shouldFallBackToTheWriteBeforeATornOne() throws IOException {
        write(flushedTo(1), flushedTo(2), flushedTo(3));
        byte[] whole = bytes();
        for (int at = 0; at < 100; at++) {
            byte[] torn = whole.clone();
            torn[MemberGuardFile.SLOT_BYTES + at] ^= (byte) (1 << (at % 8)); // the third write is in the second slot
            Files.write(folder.resolve("guard"), torn);

            assertThat(MemberGuardFile.read(GROUP, folder)).isPresent().get().satisfies(guard -> assertThat(guard)
                    .isIn(flushedTo(2), flushedTo(3)));
        }
    }

    @Test
    void shouldBeginAnewWhenNoSlotCanBeRead() throws IOException {
        write(flushedTo(1), flushedTo(2));
        Files.write(folder.resolve("guard"), new byte[2 * MemberGuardFile.SLOT_BYTES]);
        assertThat(MemberGuardFile.read(GROUP, folder)).isEmpty();
        Files.write(folder.resolve("guard"), new byte[3]);
        assertThat(MemberGuardFile.read(GROUP, folder)).isEmpty();

        write(flushedTo(3));

        assertThat(MemberGuardFile.read(GROUP, folder)).contains(flushedTo(3));
        assertThat(bytes()).hasSize(2 * MemberGuardFile.SLOT_BYTES);
    }

    @Test
    void shouldRefuseTheGuardOfAnotherGroup() throws IOException {
        write(flushedTo(1));

        assertThatThrownBy(() -> MemberGuardFile.read(new GroupId(new UUID(1, 1)), folder))
                .isInstanceOf(DamagedMember.class)
                .hasMessageContaining("holds files of group");
    }
}

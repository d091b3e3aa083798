package io.flotilla.raftlog.raft.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the guard makes of a Raft log that a fetched state has overtaken. */
class OvertakenLogTest {
    private static final GroupId GROUP = new GroupId(new UUID(5, 5));

    private static final int ENTRY_BYTES_MAX = 1 << 20;

    private Hosts hosts;
    private long lastIndex;
    private long lastTerm;

    @BeforeEach
    void writeALog(@TempDir Path directory) throws IOException {
        hosts = Hosts.start(1, directory);
        hosts.create(GROUP);
        hosts.awaitLeader(GROUP);
        for (int i = 0; i < 20; i++) {
            hosts.propose(1, GROUP, "entry-" + i);
        }
        lastIndex = hosts.state(1, GROUP).position().index();
        lastTerm = hosts.state(1, GROUP).position().term();
        hosts.stop(1);
    }

    @AfterEach
    void close() throws IOException {
        hosts.close();
    }

    private void check(long term, long index, boolean fetched) throws IOException {
        LogContent log = LogContent.read(GROUP, hosts.logFolder(1, GROUP), ENTRY_BYTES_MAX, Set.of(index));
        ShortenedLogGuard.check(GROUP, hosts.logFolder(1, GROUP), log, new LogPosition(term, index), fetched);
    }

    private List<LogFile> files() throws IOException {
        return LogFile.in(hosts.logFolder(1, GROUP));
    }

    @Test
    void shouldDeleteALogThatEndsBeforeTheFetchedState() throws IOException {
        assertThatThrownBy(() -> check(lastTerm, lastIndex + 100, false)).hasMessageContaining("ends at index");

        check(lastTerm, lastIndex + 100, true);

        assertThat(files()).isEmpty();
        check(lastTerm, lastIndex + 100, true);
        assertThatThrownBy(() -> check(lastTerm, lastIndex + 100, false)).hasMessageContaining("no entries at all");
    }

    @Test
    void shouldDeleteALogThatWentAnotherWayAtTheFetchedState() throws IOException {
        assertThatThrownBy(() -> check(lastTerm + 1, lastIndex - 5, false)).hasMessageContaining("with term");

        check(lastTerm + 1, lastIndex - 5, true);

        assertThat(files()).isEmpty();
    }

    @Test
    void shouldKeepALogThatReachesTheFetchedState() throws IOException {
        List<LogFile> before = files();

        check(lastTerm, lastIndex, true);
        check(lastTerm, lastIndex - 5, true);

        assertThat(files()).isEqualTo(before).isNotEmpty();
    }
}

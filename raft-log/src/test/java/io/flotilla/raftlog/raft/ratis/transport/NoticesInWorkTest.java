package io.flotilla.raftlog.raft.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class NoticesInWorkTest {
    private static final UUID GROUP = new UUID(1, 1);
    private static final UUID OTHER = new UUID(1, 2);

    private final NoticesInWork<String> notices = new NoticesInWork<>();

    @Test
    void shouldAnswerOneAtATime() {
        assertThat(notices.begin(GROUP, "first")).isTrue();
        assertThat(notices.begin(GROUP, "second")).isFalse();

        assertThat(notices.next(GROUP)).contains("second");
        assertThat(notices.begin(GROUP, "third")).isFalse();
        assertThat(notices.next(GROUP)).contains("third");
        assertThat(notices.next(GROUP)).isEmpty();
        assertThat(notices.begin(GROUP, "fourth")).isTrue();
    }

    @Test
    void shouldKeepTheNewestOnly() {
        notices.begin(GROUP, "first");
        notices.begin(GROUP, "second");
        notices.begin(GROUP, "third");

        assertThat(notices.next(GROUP)).contains("third");
        assertThat(notices.next(GROUP)).isEmpty();
    }

    @Test
    void shouldKeepNoOtherGroupWaiting() {
        notices.begin(GROUP, "first");

        assertThat(notices.begin(OTHER, "its first")).isTrue();
        assertThat(notices.next(OTHER)).isEmpty();
        assertThat(notices.begin(GROUP, "second")).isFalse();
    }
}

package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a shell in a broker's place: what a process is and how it ends does not depend on what it runs. */
final class BrokerProcessTest {
    private static final String WAIT = "echo up; while true; do sleep 0.1; done";

    private final BrokerLog log;
    private BrokerProcess process;

    BrokerProcessTest(@TempDir Path folder) {
        log = new BrokerLog(folder.resolve("broker.log"));
        process = start(log, WAIT);
    }

    @BeforeEach
    void awaitProcess() {
        awaitPrinted("up");
    }

    @AfterEach
    void killProcess() {
        process.killIfRunning();
    }

    @Test
    void shouldKill() {
        process.kill();

        assertThat(process.isRunning()).isFalse();
        assertThat(process.unexpectedExit()).isEmpty();
    }

    @Test
    void shouldReportAnExitThatNobodyAskedFor() {
        process.kill();
        process = start("echo out of luck; exit 3");

        assertThat(process.awaitExit()).isEqualTo(3);
        assertThat(process.unexpectedExit()).hasValueSatisfying(report -> assertThat(report)
                .contains("broker 1", "with code 3", "out of luck", log.file().toString()));
    }

    @Test
    void shouldRefuseAnOrderlyStopThatFails() {
        process.kill();
        process = start("trap 'exit 5' TERM; " + WAIT);
        awaitPrinted("up");

        assertThatThrownBy(process::terminate)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("broker 1 ended with code 5 when asked to terminate");
    }

    @Test
    void shouldPauseAndResume() {
        process.pause();
        process.resume();
        process.terminate();

        assertThat(process.isRunning()).isFalse();
    }

    @Test
    void shouldTellOutputOfThisProcessFromThatOfAnEarlierOne() {
        process.kill();
        process = start("exit 0");
        process.awaitExit();

        assertThat(process.watchFor("up").seen()).isFalse();
        assertThat(log.linesWith("up")).hasSize(1);
    }

    @Test
    void shouldSeeATextThatIsPrintedInTwoParts() {
        process.kill();
        process = start("printf 'broker rea'; read -t 0.3 < <(sleep 1); printf 'dy node=1 '; exit 0");
        LineWatch watch = process.watchFor("broker ready node=1 ");
        Awaiting.until(Duration.ofSeconds(10), "the first part", process.watchFor("broker rea")::seen, log::tail);

        Awaiting.until(Duration.ofSeconds(10), "the whole", watch::seen, log::tail);

        assertThat(watch.seen()).isTrue();
    }

    private BrokerProcess start(String script) {
        return start(log, script);
    }

    private static BrokerProcess start(BrokerLog log, String script) {
        return BrokerProcess.start(1, List.of("bash", "-c", script), log);
    }

    private void awaitPrinted(String text) {
        Awaiting.until(Duration.ofSeconds(10), text, process.watchFor(text)::seen, log::tail);
    }
}

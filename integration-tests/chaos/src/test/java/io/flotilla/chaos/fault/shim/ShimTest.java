package io.flotilla.chaos.fault.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flotilla.chaos.fault.shim.ShimRule.Action;
import io.flotilla.chaos.fault.shim.ShimRule.Call;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShimTest {
    private static final int SIGKILL_CODE = 137;
    private static final int ID = 1;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    Path directory;

    private Shim shim;
    private ShimControl control;
    private Path file;
    private Process program;
    private Writer orders;
    private BufferedReader answers;

    @BeforeEach
    void startProgram() throws IOException {
        shim = Shim.make(directory.resolve("shim"), List.of(ID));
        control = shim.control(ID);
        file = Files.createDirectories(directory.resolve("raft/group")).resolve("log_1");
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ShimmedProgram.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(shim.environment(ID));
        program = builder.start();
        orders = new OutputStreamWriter(program.getOutputStream(), StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8));
        assertThat(answers.readLine()).isEqualTo("ready");
    }

    @AfterEach
    void endProgram() throws InterruptedException {
        program.destroyForcibly().waitFor();
        shim.close();
    }

    private String answerTo(String order) throws IOException {
        orders.write(order + "\n");
        orders.flush();
        return String.valueOf(answers.readLine());
    }

    private long numberOf(String order) throws IOException {
        String answer = answerTo(order);
        assertThat(answer).startsWith("ok ");
        return Long.parseLong(answer.substring("ok ".length()));
    }

    private String logs() {
        return FileClass.RAFT_LOG.pattern(directory);
    }

    @Test
    void shouldFailExactlyTheCallsThatARuleMeansAndCountThem() throws IOException {
        assertThat(answerTo("sync")).startsWith("ok");

        int slot = control.add(ShimRule.always(Call.SYNC, Action.FAIL, ShimRule.EIO, logs()));
        assertThat(answerTo("sync")).contains("Input/output error");
        assertThat(answerTo("sync")).contains("Input/output error");
        assertThat(answerTo("write")).startsWith("ok");
        assertThat(control.hits(slot)).isEqualTo(2);

        control.remove(slot);
        int elsewhere = control.add(
                ShimRule.always(Call.SYNC, Action.FAIL, ShimRule.EIO, FileClass.SEGMENT.pattern(directory)));
        assertThat(answerTo("sync")).startsWith("ok");
        assertThat(control.hits(elsewhere)).isZero();
    }

    @Test
    void shouldStopAtALimitOfHits() throws IOException {
        control.add(new ShimRule(Call.WRITE, Action.FAIL, ShimRule.EIO, 1, Duration.ZERO, 1, logs()));

        assertThat(answerTo("write")).contains("Input/output error");
        assertThat(answerTo("append")).startsWith("ok");
    }

    @Test
    void shouldFailEveryKindOfCall() throws IOException {
        String all = FileClass.ANY.pattern(directory);
        assertThat(answerTo("append")).startsWith("ok");
        for (Call call : List.of(Call.WRITE, Call.READ, Call.OPEN, Call.CREATE, Call.RENAME)) {
            int slot = control.add(ShimRule.always(call, Action.FAIL, ShimRule.ENOSPC, all));
            assertThat(answerTo(call.name().toLowerCase(Locale.ROOT))).contains("No space left");
            control.remove(slot);
        }
    }

    @Test
    void shouldDelay() throws IOException {
        int slot = control.add(new ShimRule(Call.SYNC, Action.WAIT, 0, 1, Duration.ofMillis(120), 0, logs()));

        assertThat(numberOf("sync")).isGreaterThanOrEqualTo(120);
        assertThat(control.hits(slot)).isEqualTo(1);
    }

    @Test
    void shouldStrikeSomeCallsOnly() throws IOException {
        int slot = control.add(new ShimRule(Call.SYNC, Action.FAIL, ShimRule.EIO, 0.5, Duration.ZERO, 0, logs()));
        for (int i = 0; i < 200; i++) {
            answerTo("sync");
        }

        assertThat(control.hits(slot)).isBetween(50L, 150L);
    }

    @Test
    void shouldLie() throws IOException {
        int slot = control.add(ShimRule.always(Call.WRITE, Action.LIE, 0, logs()));

        assertThat(answerTo("append")).startsWith("ok");
        assertThat(file).hasSize(0);
        assertThat(control.hits(slot)).isEqualTo(1);
    }

    @Test
    void shouldTearAWriteAndKill() throws IOException, InterruptedException {
        control.add(new ShimRule(Call.WRITE, Action.TEAR, 256, 1, Duration.ZERO, 1, logs()));

        assertThat(answerTo("append")).isEqualTo("null");
        assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).isEqualTo(SIGKILL_CODE);
        assertThat(file).hasSize(256); // half of 1000 bytes, cut to whole units
    }

    @Test
    void shouldHideRoom() throws IOException {
        control.add(ShimRule.always(Call.SPACE, Action.ROOM, 64, FileClass.ANY.pattern(directory)));

        assertThat(numberOf("space")).isBetween(0L, 64L << 10);
    }

    @Test
    void shouldMoveTheWallClock() throws IOException {
        long hour = Duration.ofHours(1).toMillis();
        int slot = control.add(ShimRule.always(Call.CLOCK, Action.JUMP, -hour, "*"));
        assertThat(numberOf("time")).isCloseTo(System.currentTimeMillis() - hour, within(1000L));
        control.remove(slot);

        long dayAgo = System.currentTimeMillis() - Duration.ofDays(1).toMillis();
        control.add(ShimRule.always(Call.CLOCK, Action.RATE, 200, Long.toString(dayAgo)));
        assertThat(numberOf("time"))
                .isCloseTo(System.currentTimeMillis() + Duration.ofDays(1).toMillis(), within(1000L));
    }
}

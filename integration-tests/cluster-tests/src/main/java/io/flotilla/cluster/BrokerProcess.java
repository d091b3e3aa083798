package io.flotilla.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One life of one broker process, from its start to its exit. Only this very process is ever signalled: it is known by
 * its handle, not by a name.
 *
 * <p>Threading: one thread drives a process; {@link #killIfRunning} may be called by any.
 */
final class BrokerProcess {
    private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SIGNAL_TIMEOUT = Duration.ofSeconds(5);
    /** What a JVM that was asked to terminate exits with, if its shutdown hooks end well. */
    private static final List<Integer> EXIT_CODES_OF_TERMINATION = List.of(0, 128 + 15);

    private final int id;
    private final Process process;
    private final BrokerLog log;
    private final long logStart;
    private volatile boolean exitExpected;

    private BrokerProcess(int id, Process process, BrokerLog log, long logStart) {
        this.id = id;
        this.process = process;
        this.log = log;
        this.logStart = logStart;
    }

    /** Starts a process whose output is appended to the log. */
    static BrokerProcess start(int id, List<String> command, BrokerLog log) {
        long logStart = log.size();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()))
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .start();
            return new BrokerProcess(id, process, log, logStart);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot start broker " + id + " by " + command, failure);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Watches what this process, not an earlier one of the same broker, prints. */
    LineWatch watchFor(String text) {
        return new LineWatch(log, logStart, text);
    }

    /** From now on the process may end by itself. */
    void expectExit() {
        exitExpected = true;
    }

    /** SIGKILL, and waits until the process is gone. */
    void kill() {
        killIfRunning();
        awaitExit();
    }

    /** SIGKILL, without waiting. */
    void killIfRunning() {
        if (isRunning()) {
            exitExpected = true;
            process.destroyForcibly();
        }
    }

    /**
     * SIGTERM, and waits until the process has ended by itself.
     *
     * @throws IllegalStateException if it does not end in time, or ends with another code than 0 or 143
     */
    void terminate() {
        unexpectedExit().ifPresent(exit -> {
            throw new IllegalStateException(exit);
        });
        exitExpected = true;
        process.destroy();
        int code = awaitExit();
        if (!EXIT_CODES_OF_TERMINATION.contains(code)) {
            throw new IllegalStateException(
                    "broker " + id + " ended with code " + code + " when asked to terminate\n" + log.tail());
        }
    }

    /** SIGSTOP; returns once the process has stopped running. */
    void pause() {
        signal("STOP");
        Awaiting.until(
                SIGNAL_TIMEOUT, "broker " + id + " to be paused", () -> state() == 'T', () -> "state " + state());
    }

    /** SIGCONT. */
    void resume() {
        signal("CONT");
        Awaiting.until(SIGNAL_TIMEOUT, "broker " + id + " to be resumed", () -> state() != 'T', () -> "state T");
    }

    /** Waits for the process to end without being asked to, which is then expected; returns its exit code. */
    int awaitOwnExit() {
        int code = awaitExit();
        exitExpected = true;
        return code;
    }

    /** Waits for the process to end, killing it after a time; returns its exit code. */
    int awaitExit() {
        try {
            if (!process.waitFor(EXIT_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                killIfRunning();
                throw new IllegalStateException("broker " + id + " (pid " + pid() + ") did not end within "
                        + EXIT_TIMEOUT.toSeconds() + " s and was killed\n" + log.tail());
            }
            return process.exitValue();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            killIfRunning();
            throw new IllegalStateException("interrupted while broker " + id + " was ending", interruption);
        }
    }

    /** A sentence about an exit nobody asked for, empty as long as all is well. */
    Optional<String> unexpectedExit() {
        return isRunning() || exitExpected
                ? Optional.empty()
                : Optional.of("broker " + id + " (pid " + pid() + ") ended by itself with code " + process.exitValue()
                        + "\n" + log.tail());
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("cannot send SIG" + name + " to broker " + id + ": " + output.strip());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot send SIG" + name + " to broker " + id, failure);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending SIG" + name, interruption);
        }
    }

    /** The kernel's letter for what the process is doing; it follows the program's name, which is in parentheses. */
    private char state() {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException failure) {
            throw new UncheckedIOException("broker " + id + " (pid " + pid() + ") is not running", failure);
        }
    }
}

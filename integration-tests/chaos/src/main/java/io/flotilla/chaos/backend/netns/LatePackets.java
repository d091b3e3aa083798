package io.flotilla.chaos.backend.netns;

import io.flotilla.chaos.fault.FaultException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds back packets of one namespace that the filter has queued. The kernel on hand may know no netem, and Java no
 * netlink, so a process of Perl does it; it ends with this JVM, and packets then pass the queues as if there were none.
 */
final class LatePackets implements AutoCloseable {
    private static final String SCRIPT = "late-packets.pl";

    private final Process process;
    private final BufferedReader answers;

    private LatePackets(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts it. The caller closes it.
     *
     * @param launcher words that bring a command into the namespace
     * @param queues   numbers of the kernel's queues, all of that namespace that are used
     */
    static LatePackets start(List<String> launcher, List<Integer> queues) {
        List<String> command = Command.words(launcher, "perl", "-e", script());
        queues.forEach(queue -> command.add(Integer.toString(queue)));
        try {
            LatePackets started = new LatePackets(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
            started.expect("ready");
            return started;
        } catch (IOException failure) {
            throw new FaultException("cannot hold back packets; is there a perl?", failure);
        }
    }

    private static String script() {
        try (InputStream script = LatePackets.class.getResourceAsStream(SCRIPT)) {
            if (script == null) {
                throw new IllegalStateException("the class path lacks " + SCRIPT);
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + SCRIPT, failure);
        }
    }

    /** From now on packets of a queue are late; with a rate of 0 bytes/s there is no limit to how many pass. */
    void rule(int queue, long delayNanos, long jitterNanos, long bytesPerSecond) {
        String line = String.format(
                Locale.ROOT,
                "%d %d %d %d%n",
                queue,
                TimeUnit.NANOSECONDS.toMicros(delayNanos),
                TimeUnit.NANOSECONDS.toMicros(jitterNanos),
                bytesPerSecond);
        try {
            process.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            expect("ok");
        } catch (IOException failure) {
            throw new FaultException("what holds back packets has ended", failure);
        }
    }

    private void expect(String answer) throws IOException {
        @Nullable String line = answers.readLine();
        if (!answer.equals(line)) {
            process.destroyForcibly();
            throw new FaultException("what holds back packets said '" + line + "', expected '" + answer + "'");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

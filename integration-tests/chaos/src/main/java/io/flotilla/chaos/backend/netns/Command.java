package io.flotilla.chaos.backend.netns;

import io.flotilla.chaos.fault.FaultException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command of the operating system that is told something, answers, and ends soon. */
final class Command {
    private static final long SECONDS_MAX = 30;

    private Command() {}

    /** What a command ended with, and what it said. */
    record Answer(int code, String output) {}

    /**
     * Runs a command to its end.
     *
     * @param input for its standard input, less than a pipe holds
     * @throws FaultException if it is missing, or does not end in time
     */
    static Answer ask(String input, List<String> words) {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            try (var toProcess = process.getOutputStream()) {
                toProcess.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException ended) {
                // It says why by its code and its output.
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new FaultException(words + " did not end within " + SECONDS_MAX + " s");
            }
            return new Answer(process.exitValue(), output);
        } catch (IOException missing) {
            throw new FaultException("cannot run " + words + ": " + missing.getMessage(), missing);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new FaultException("interrupted while running " + words, interrupted);
        }
    }

    /**
     * The same, and the command must succeed; returns what it said.
     *
     * @throws FaultException if it fails, too
     */
    static String run(String input, List<String> words) {
        Answer answer = ask(input, words);
        if (answer.code() != 0) {
            throw new FaultException(words + " failed: " + answer.output().strip());
        }
        return answer.output();
    }

    /** Two lists of words in one. */
    static List<String> words(List<String> first, String... more) {
        List<String> words = new ArrayList<>(first);
        words.addAll(List.of(more));
        return words;
    }
}

package io.flotilla.chaos.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The heap of another JVM after a collection, by {@code jcmd}. */
final class JvmHeap {
    private static final long SECONDS_MAX = 10;

    /** Of the heap itself; classes are told in lines of their own. */
    private static final Pattern USED = Pattern.compile("(?m)^ *(?!Metaspace|class space)\\S.*\\bused (\\d+)K");

    private JvmHeap() {}

    /** Collects garbage there and returns what is left, in bytes; empty if the JVM does not answer soon. */
    static OptionalLong afterCollection(long pid) {
        try {
            command(pid, "GC.run");
            return usedBytes(command(pid, "GC.heap_info"));
        } catch (IOException silent) {
            return OptionalLong.empty();
        }
    }

    /** The sum over the generations that {@code GC.heap_info} lists. */
    static OptionalLong usedBytes(String heapInfo) {
        Matcher used = USED.matcher(heapInfo);
        long kib = 0;
        boolean found = false;
        while (used.find()) {
            kib += Long.parseLong(used.group(1));
            found = true;
        }
        return found ? OptionalLong.of(kib << 10) : OptionalLong.empty();
    }

    private static String command(long pid, String what) throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(List.of(jcmd, Long.toString(pid), what))
                .redirectErrorStream(true)
                .start();
        try {
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(what + " of process " + pid + " failed, or took more than " + SECONDS_MAX + " s");
            }
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + jcmd, interruption);
        } finally {
            process.destroyForcibly();
        }
    }
}

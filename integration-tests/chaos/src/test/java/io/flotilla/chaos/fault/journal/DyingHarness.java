package io.flotilla.chaos.fault.journal;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A harness that makes what has to be undone, says so, and waits to be killed. */
final class DyingHarness {
    private DyingHarness() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        Journal journal = Journal.open(directory);

        Path recorded = directory.resolve("recorded");
        journal.add(Journal.PROCESS_FILE, List.of(recorded.toString()), List.of());
        List<String> command = new ArrayList<>(journal.recordingLauncher(recorded));
        command.addAll(List.of("sleep", "600"));
        start(command);

        long stopped = start(List.of("sleep", "601"));
        journal.add(Journal.STOPPED, ProcessIdentity.of(stopped).orElseThrow());
        start(List.of("kill", "-STOP", Long.toString(stopped)));

        long finished = journal.add(Journal.CONTROL_FILE, List.of("/nowhere"), List.of());
        journal.done(finished);

        Path control = directory.resolve("control");
        journal.add(Journal.CONTROL_FILE, List.of(control.toString()), List.of());
        Files.writeString(control, "fsync");

        Path folder = directory.resolve("folder");
        journal.add("folder", List.of(folder.toString()), List.of("rmdir", folder.toString()));
        Files.createDirectory(folder);

        while (!Files.exists(recorded) || Files.size(recorded) == 0) {
            LockSupport.parkNanos(1_000_000);
        }
        System.out.println("stopped " + stopped);
        LockSupport.parkNanos(Long.MAX_VALUE);
    }

    private static long start(List<String> command) throws Exception {
        return new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .pid();
    }
}

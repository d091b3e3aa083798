package io.flotilla.chaos.backend.local;

import io.flotilla.chaos.fault.journal.Journal;
import io.flotilla.cluster.Placement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Brokers that live where another placement says, each with an environment of its own, and known to the journal. */
final class LocalPlacement implements Placement {
    private final Placement where;
    private final Journal journal;
    private final Path directory;
    private final Map<Integer, SortedMap<String, String>> environments = new TreeMap<>();

    LocalPlacement(Placement where, Journal journal, Path directory) {
        this.where = where;
        this.journal = journal;
        this.directory = directory;
    }

    /** From its next start on the broker has this variable, too. */
    void set(int id, String variable, String value) {
        environments.computeIfAbsent(id, broker -> new TreeMap<>()).put(variable, value);
    }

    /** Into which a broker writes which process it is. */
    Path processFile(int id) {
        return directory.resolve("broker-" + id).resolve("process");
    }

    @Override
    public String host(int id) {
        return where.host(id);
    }

    /** All words end with an exec, so that the broker has the process id of what was started. */
    @Override
    public List<String> launcher(int id) {
        List<String> words = new ArrayList<>(where.launcher(id));
        words.addAll(journal.recordingLauncher(processFile(id)));
        words.add("env");
        environments.getOrDefault(id, new TreeMap<>()).forEach((name, value) -> words.add(name + "=" + value));
        return words;
    }
}

package io.flotilla.chaos.run;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.workload.Recorder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Notes when brokers' processes come and go, and whether anybody asked for it. */
final class ProcessObserver implements Observer {
    /** Where the code of an exit is not known. */
    private static final int CODE_UNKNOWN = -1;

    private static final Pattern EXIT = Pattern.compile("^broker (\\d+) \\(pid (\\d+)\\) .* with code (-?\\d+)");

    private final Recorder recorder;
    private final Backend backend;
    private final Map<Integer, Long> running = new HashMap<>();

    ProcessObserver(Recorder recorder, Backend backend) {
        this.recorder = recorder;
        this.backend = backend;
    }

    @Override
    public void look() {
        for (int node : backend.nodes()) {
            Optional<Long> now = pid(node);
            Long before = running.get(node);
            if (before != null && !now.equals(Optional.of(before))) {
                running.remove(node);
                exited(node, before);
            }
            if (now.isPresent() && !now.get().equals(before)) {
                running.put(node, now.get());
                recorder.write(nanos -> new Event.NodeStarted(nanos, node));
            }
        }
    }

    private Optional<Long> pid(int node) {
        try {
            return backend.pid(node);
        } catch (IllegalStateException betweenTwoLives) {
            return Optional.empty();
        }
    }

    private void exited(int node, long pid) {
        for (String exit : List.copyOf(backend.unexpectedExits())) {
            Matcher known = EXIT.matcher(exit);
            if (known.find() && Integer.parseInt(known.group(1)) == node && Long.parseLong(known.group(2)) == pid) {
                recorder.write(nanos -> new Event.NodeExited(nanos, node, Integer.parseInt(known.group(3)), false));
                return;
            }
        }
        recorder.write(nanos -> new Event.NodeExited(nanos, node, CODE_UNKNOWN, true));
    }
}

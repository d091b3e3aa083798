package io.flotilla.chaos.run;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.workload.Recorder;
import io.flotilla.cluster.suite.ElectionLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Follows the brokers' logs: lines that should never be, and votes, which brokers log while
 * {@code flotilla.elections.level} is INFO.
 */
final class LogObserver implements Observer {
    private static final int BYTES_PER_LOOK_MAX = 4 << 20;

    private final Recorder recorder;
    private final Backend backend;
    private final Function<String, Place> groups;
    private final Map<Integer, Long> positions = new HashMap<>();
    private final AtomicLong votes = new AtomicLong();

    /** @param groups names the partition of a Raft group by the last twelve digits of its id */
    LogObserver(Recorder recorder, Backend backend, Function<String, Place> groups) {
        this.recorder = recorder;
        this.backend = backend;
        this.groups = groups;
    }

    /** How many votes were seen. */
    long votes() {
        return votes.get();
    }

    @Override
    public void look() {
        for (int node : backend.nodes()) {
            backend.logFile(node).ifPresent(file -> newLines(node, file).forEach(line -> read(node, line)));
        }
    }

    private void read(int node, String line) {
        if (Complaints.isOne(line)) {
            recorder.write(nanos -> new Event.LogComplaint(nanos, node, line));
        }
        ElectionLines.voteIn(line).ifPresent(vote -> {
            votes.incrementAndGet();
            recorder.write(nanos -> new Event.VoteSeen(
                    nanos,
                    groups.apply(vote.group()),
                    Math.toIntExact(vote.term()),
                    vote.voterId(),
                    vote.candidateId()));
        });
    }

    /** Whole lines behind those read before; a file that cannot be read now is read later. */
    private List<String> newLines(int node, Path file) {
        long position = positions.getOrDefault(node, 0L);
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long waiting = Math.max(0, channel.size() - position);
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(waiting, BYTES_PER_LOOK_MAX));
            channel.position(position);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // reads until the buffer is full, or the file ends early
            }
            int end = bytes.position();
            while (end > 0 && bytes.get(end - 1) != '\n') {
                end--;
            }
            positions.put(node, position + end);
            return new String(bytes.array(), 0, end, StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException | UncheckedIOException notNow) {
            return List.of();
        }
    }
}

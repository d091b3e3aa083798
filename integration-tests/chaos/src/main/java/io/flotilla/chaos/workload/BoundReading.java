package io.flotilla.chaos.workload;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.port.AdminPort;
import io.flotilla.chaos.port.Answer;
import java.util.List;

/**
 * Asks for the bounds of one partition, each time through another client, so that no client's knowledge of the leader
 * shields it from a stale one.
 *
 * <p>Threading: one thread steps.
 */
final class BoundReading implements ClientThreads.Step {
    private final Recorder recorder;
    private final List<AdminPort> clients;
    private final Place place;
    private final int process;
    private final Pace pace;
    private int asked;

    BoundReading(Recorder recorder, List<AdminPort> clients, Place place, int process, double perSecond) {
        this.recorder = recorder;
        this.clients = List.copyOf(clients);
        this.place = place;
        this.process = process;
        this.pace = new Pace(perSecond);
    }

    @Override
    public void run() {
        if (!pace.awaitDue()) {
            return;
        }
        pace.done(1);
        // Each client in turn, in two rounds for the end and then in one for the start.
        boolean end = asked / clients.size() % 3 != 2;
        AdminPort admin = clients.get(asked % clients.size());
        asked++;
        long startNanos = recorder.nanos();
        Answer<Long> answer = end ? admin.logEnd(place) : admin.logStart(place);
        recorder.count("bound read", answer.outcome());
        Long offset = answer.value();
        if (offset != null) {
            recorder.write(nanos -> new Event.BoundRead(nanos, startNanos, process, place, end, offset));
        }
    }
}

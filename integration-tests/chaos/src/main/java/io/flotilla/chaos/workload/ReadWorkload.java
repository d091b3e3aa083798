package io.flotilla.chaos.workload;

import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.port.AdminPort;
import io.flotilla.chaos.port.ClientPort;
import io.flotilla.chaos.port.ReaderPort;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Consumers at the tail, one that wanders, and the questions for the bounds of every partition. */
public final class ReadWorkload implements Workload {
    private static final int TAIL_READERS = 2;
    private static final int TAIL_POLL_RECORDS = 500;
    private static final int WANDERING_POLL_RECORDS = 100;
    private static final int SEEK_EVERY_POLLS = 20;
    private static final int BOUND_CLIENTS = 3;
    private static final double MILLIS_PER_SECOND = 1_000;

    private final List<ClientPort> clients = new ArrayList<>();
    private final List<ReaderPort> readers = new ArrayList<>();
    private final List<ClientThreads.Watched> threads = new ArrayList<>();

    private ReadWorkload() {}

    /** @param bounded further partitions whose bounds are asked for, which nobody here reads */
    public static ReadWorkload start(Scene scene, List<Place> places, List<Place> bounded) {
        ReadWorkload workload = new ReadWorkload();
        for (int i = 0; i < TAIL_READERS; i++) {
            workload.follow(scene, "tail-" + i, places, TAIL_POLL_RECORDS, OptionalInt.empty());
        }
        workload.follow(scene, "wander", places, WANDERING_POLL_RECORDS, OptionalInt.of(SEEK_EVERY_POLLS));
        List<AdminPort> admins = new ArrayList<>();
        for (int i = 0; i < BOUND_CLIENTS; i++) {
            ClientPort client = scene.connect();
            workload.clients.add(client);
            admins.add(client.admin());
        }
        List<Place> asked = new ArrayList<>(places);
        asked.addAll(bounded);
        double perSecond = MILLIS_PER_SECOND / scene.settings().boundInterval().toMillis();
        for (Place place : asked) {
            int process = scene.recorder().nextProcess();
            workload.threads.add(scene.threads()
                    .start(
                            "bounds-" + place,
                            process,
                            new BoundReading(scene.recorder(), admins, place, process, perSecond)));
        }
        return workload;
    }

    private void follow(Scene scene, String name, List<Place> places, int pollRecords, OptionalInt seekEvery) {
        ClientPort client = scene.connect();
        clients.add(client);
        ReaderPort reader = client.reader(pollRecords);
        readers.add(reader);
        Follower follower = new Follower(
                scene.recorder(), scene.values(), reader, client.admin(), places, seekEvery, scene.random(name));
        threads.add(scene.threads().start(name, follower.consumer(), follower));
    }

    @Override
    public String name() {
        return "reads";
    }

    @Override
    public void stop() {
        threads.forEach(ClientThreads.Watched::end);
        threads.forEach(ClientThreads.Watched::await);
        readers.forEach(ReaderPort::close);
    }

    @Override
    public void close() {
        clients.forEach(ClientPort::close);
    }
}

package io.flotilla.chaos.workload;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.port.AdminPort;
import io.flotilla.chaos.port.Answer;
import io.flotilla.chaos.port.ClientPort;
import io.flotilla.chaos.port.OutOfRange;
import io.flotilla.chaos.port.ReaderPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * W6: a topic of tiny segments, of which retention keeps few; readers that seek around the log start, where records vanish
 * before their eyes; and somebody who trims.
 */
public final class RetentionWorkload implements Workload {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int POLL_RECORDS = 20;
    private static final long PAUSE_MILLIS = 100;
    private static final int SEEK_EVERY_POLLS = 10;
    private static final double TRIMS_PER_SECOND = 0.2;

    private final Recorder recorder;
    private final AppendWorkload writing;
    private final List<ClientPort> clients = new ArrayList<>();
    private final List<ClientThreads.Watched> threads = new ArrayList<>();

    private RetentionWorkload(Recorder recorder, AppendWorkload writing) {
        this.recorder = recorder;
        this.writing = writing;
    }

    /** @param share of the records per second that its producers send */
    public static RetentionWorkload start(Scene scene, Topic topic, double share) {
        RetentionWorkload workload =
                new RetentionWorkload(scene.recorder(), AppendWorkload.named(scene, "W6", topic, share));
        for (Place place : topic.places()) {
            ClientPort client = scene.connect();
            workload.clients.add(client);
            String name = "W6-" + place;
            StartReading reading = workload
            .new StartReading(new Reading(scene.recorder(), scene.values()), client, place, scene.random(name));
            workload.threads.add(scene.threads().start(name, reading.reading.consumer(), reading));
        }
        ClientPort client = scene.connect();
        workload.clients.add(client);
        int process = scene.recorder().nextProcess();
        Trimming trimming = workload.new Trimming(client.admin(), topic.places(), process, scene.random("W6-trims"));
        workload.threads.add(scene.threads().start("W6-trims", process, trimming));
        return workload;
    }

    /** A reader of one partition, since only then it is known where it stands when it is told that it is out of range. */
    private final class StartReading implements ClientThreads.Step {
        private final Reading reading;
        private final ReaderPort port;
        private final AdminPort admin;
        private final Place place;
        private final SplittableRandom random;
        private boolean assigned;

        StartReading(Reading reading, ClientPort client, Place place, SplittableRandom random) {
            this.reading = reading;
            this.port = client.reader(POLL_RECORDS);
            this.admin = client.admin();
            this.place = place;
            this.random = random;
        }

        @Override
        public void run() throws InterruptedException {
            if (!assigned || random.nextInt(SEEK_EVERY_POLLS) == 0) {
                seekNearStart();
            }
            if (assigned) {
                long startNanos = recorder.nanos();
                try {
                    reading.polled(startNanos, port.poll(POLL));
                } catch (OutOfRange outside) {
                    recorder.count("out of range", 1);
                    go(outside.logStart());
                }
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }

        private void seekNearStart() {
            Answer<Long> start = admin.logStart(place);
            if (start.isOk()) {
                go(Math.max(0, start.get() - 1 + random.nextInt(3)));
            }
        }

        private void go(long offset) {
            if (assigned) {
                port.seek(place, offset);
            } else {
                port.assign(Map.of(place, offset));
                assigned = true;
            }
            reading.set(place, offset);
        }
    }

    private final class Trimming implements ClientThreads.Step {
        private final AdminPort admin;
        private final List<Place> places;
        private final int process;
        private final SplittableRandom random;
        private final Pace pace = new Pace(TRIMS_PER_SECOND);

        Trimming(AdminPort admin, List<Place> places, int process, SplittableRandom random) {
            this.admin = admin;
            this.places = places;
            this.process = process;
            this.random = random;
        }

        @Override
        public void run() {
            if (!pace.awaitDue()) {
                return;
            }
            pace.done(1);
            Place place = places.get(random.nextInt(places.size()));
            Answer<Long> start = admin.logStart(place);
            Answer<Long> end = start.isOk() ? admin.logEnd(place) : start;
            if (!end.isOk() || end.get() <= start.get()) {
                return;
            }
            long offset = start.get() + random.nextLong(end.get() - start.get());
            long op = recorder.nextOp();
            recorder.write(nanos -> new Event.TrimInvoked(nanos, op, process, place, offset));
            Answer<Long> answer = admin.trim(place, offset);
            recorder.write(nanos -> new Event.TrimCompleted(nanos, op, process, answer.outcome(), answer.error()));
            recorder.count("trim", answer.outcome());
        }
    }

    @Override
    public String name() {
        return "W6";
    }

    @Override
    public void stop() {
        writing.stop();
        threads.forEach(ClientThreads.Watched::end);
        threads.forEach(ClientThreads.Watched::await);
    }

    @Override
    public void close() {
        clients.forEach(ClientPort::close);
        writing.close();
    }
}

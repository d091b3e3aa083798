package io.flotilla.chaos.workload;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.port.Answer;
import io.flotilla.chaos.port.ProducerPort;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One client that sends, run by run of records to one partition each. After an unknown outcome it goes on as another
 * producer and process.
 *
 * <p>Threading: one thread steps; answers are noted on the producer's thread.
 */
final class Producing implements ClientThreads.Step {
    private static final long PERMIT_WAIT_MILLIS = 500;

    private final Recorder recorder;
    private final Values values;
    private final ProducerPort port;
    private final List<Place> places;
    private final SendSettings settings;
    private final SplittableRandom random;
    private final Pace pace;
    private final Semaphore unanswered;
    private int process;
    private int producer;
    private long sequence;
    private volatile boolean inDoubt = true;

    Producing(
            Recorder recorder,
            Values values,
            ProducerPort port,
            List<Place> places,
            SendSettings settings,
            SplittableRandom random) {
        this.recorder = recorder;
        this.values = values;
        this.port = port;
        this.places = List.copyOf(places);
        this.settings = settings;
        this.random = random;
        this.pace = new Pace(settings.recordsPerSecond());
        this.unanswered = new Semaphore(settings.unansweredMax());
    }

    @Override
    public void run() throws InterruptedException {
        if (!pace.awaitDue()) {
            return;
        }
        if (inDoubt) {
            beginAnew();
        }
        Place place = places.get(random.nextInt(places.size()));
        int records = settings.runLength(random);
        for (int i = 0; i < records; i++) {
            if (!unanswered.tryAcquire(PERMIT_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                return; // the cluster does not answer; those that were sent are under way
            }
            send(place);
            pace.done(1);
        }
    }

    private void beginAnew() {
        inDoubt = false;
        process = recorder.nextProcess();
        producer = recorder.nextProducer();
        sequence = 0;
        recorder.write(nanos -> new Event.ProducerOpened(nanos, process, producer, port.isIdempotent()));
    }

    private void send(Place place) {
        byte[] key = Values.key(random.nextInt(settings.keys()));
        byte[] value = values.value(producer, sequence, key, Values.bytes(random, settings.payloadBytesMax()), random);
        long op = recorder.nextOp();
        int sender = process;
        recorder.write(nanos -> new Event.SendInvoked(nanos, op, sender, place, producer, sequence, value.length));
        sequence++;
        var unused = port.send(place, key, value).thenAccept(answer -> answered(op, sender, answer));
    }

    private void answered(long op, int sender, Answer<Long> answer) {
        Long offset = answer.value();
        recorder.write(nanos -> new Event.SendCompleted(
                nanos, op, sender, answer.outcome(), offset == null ? -1 : offset, answer.error()));
        recorder.count("send", answer.outcome());
        if (answer.outcome() == Outcome.INFO) {
            inDoubt = true;
        }
        unanswered.release();
    }
}

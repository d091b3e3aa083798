package io.flotilla.chaos.workload;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.port.AdminPort;
import io.flotilla.chaos.port.Answer;
import io.flotilla.chaos.port.ClientPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * W7: topics of few names are created, altered, deleted and described by several clients. A name is a register: what it
 * holds is the topic's {@code retention.ms}, of which no two calls write the same, or nothing while there is no topic.
 */
public final class AdminWorkload implements Workload {
    private static final int CLIENTS = 3;
    private static final int NAMES = 3;
    private static final double CALLS_PER_SECOND = 1;
    private static final String REGISTER = "retention.ms";

    /** Values above any time that passes in a run: nothing is deleted because of them. */
    private static final long VALUE_LEAST = 1_000_000_000_000L;

    private final Recorder recorder;
    private final int replicas;
    private final AtomicLong lastValue = new AtomicLong(VALUE_LEAST);
    private final List<ClientPort> clients = new ArrayList<>();
    private final List<ClientThreads.Watched> threads = new ArrayList<>();

    private AdminWorkload(Recorder recorder, int replicas) {
        this.recorder = recorder;
        this.replicas = replicas;
    }

    /** @param replicas of each topic */
    public static AdminWorkload start(Scene scene, int replicas) {
        AdminWorkload workload = new AdminWorkload(scene.recorder(), replicas);
        for (int i = 0; i < CLIENTS; i++) {
            String name = "W7-" + i;
            ClientPort client = scene.connect();
            workload.clients.add(client);
            Calling calling = workload.new Calling(client.admin(), scene.random(name));
            workload.threads.add(scene.threads().start(name, calling.process, calling));
        }
        return workload;
    }

    private final class Calling implements ClientThreads.Step {
        private final AdminPort admin;
        private final SplittableRandom random;
        private final Pace pace = new Pace(CALLS_PER_SECOND);
        private int process = recorder.nextProcess();

        Calling(AdminPort admin, SplittableRandom random) {
            this.admin = admin;
            this.random = random;
        }

        @Override
        public void run() {
            if (!pace.awaitDue()) {
                return;
            }
            pace.done(1);
            String topic = "register-" + random.nextInt(NAMES);
            String value = Long.toString(lastValue.incrementAndGet());
            switch (random.nextInt(6)) {
                case 0 ->
                    write("create", topic, value, () -> admin.create(topic, 1, replicas, Map.of(REGISTER, value)));
                case 1 -> write("delete", topic, "", () -> admin.delete(topic));
                case 2, 3 -> write("alter", topic, value, () -> admin.alter(topic, Map.of(REGISTER, value)));
                default -> describe(topic);
            }
        }

        private void write(String call, String topic, String value, Supplier<Answer<Boolean>> asking) {
            long op = invoked(call, topic, value);
            completed(op, asking.get().map(done -> ""));
        }

        private void describe(String topic) {
            long op = invoked("describe", topic, "");
            completed(op, admin.describe(topic).map(Calling::register));
        }

        private static String register(Optional<Map<String, String>> settings) {
            return settings.map(all -> all.getOrDefault(REGISTER, "none")).orElse("");
        }

        private long invoked(String call, String topic, String value) {
            long op = recorder.nextOp();
            recorder.write(nanos -> new Event.AdminInvoked(nanos, op, process, call, topic, value));
            return op;
        }

        private void completed(long op, Answer<String> answer) {
            String value = answer.value();
            recorder.write(nanos -> new Event.AdminCompleted(
                    nanos, op, process, answer.outcome(), value == null ? "" : value, answer.error()));
            recorder.count("admin call", answer.outcome());
            if (answer.outcome() == Outcome.INFO) {
                process = recorder.nextProcess();
            }
        }
    }

    @Override
    public String name() {
        return "W7";
    }

    @Override
    public void stop() {
        threads.forEach(ClientThreads.Watched::end);
        threads.forEach(ClientThreads.Watched::await);
    }

    @Override
    public void close() {
        clients.forEach(ClientPort::close);
    }
}

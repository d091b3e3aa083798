package io.flotilla.chaos.workload;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** W9: reads what brokers' metrics say of the partitions under test, which the history must bear out. */
public final class MetricsWorkload implements Workload {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final double SCRAPES_PER_SECOND = 1;

    private final Recorder recorder;
    private final Set<String> topics;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final List<ClientThreads.Watched> threads = new ArrayList<>();

    private MetricsWorkload(Recorder recorder, Set<String> topics) {
        this.recorder = recorder;
        this.topics = topics;
    }

    /** @param addresses {@code host:port} of every broker's metrics, by its id */
    public static MetricsWorkload start(Scene scene, Map<Integer, String> addresses, List<Topic> topics) {
        Set<String> names = new HashSet<>();
        topics.forEach(topic -> names.add(topic.name()));
        MetricsWorkload workload = new MetricsWorkload(scene.recorder(), names);
        addresses.forEach((node, address) -> {
            Pace pace = new Pace(SCRAPES_PER_SECOND);
            workload.threads.add(scene.threads()
                    .start(
                            "W9-" + node,
                            scene.recorder().nextProcess(),
                            () -> workload.scrape(node, URI.create("http://" + address + "/metrics"), pace)));
        });
        return workload;
    }

    private void scrape(int node, URI page, Pace pace) throws InterruptedException {
        if (!pace.awaitDue()) {
            return;
        }
        pace.done(1);
        long startNanos = recorder.nanos();
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(page).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
            answer.body()
                    .lines()
                    .flatMap(line -> MetricLine.parse(line).stream())
                    .filter(line -> topics.contains(line.place().topic()))
                    .forEach(line -> recorder.write(nanos ->
                            new Event.MetricRead(nanos, startNanos, node, line.metric(), line.place(), line.value())));
            recorder.count("scrape", Outcome.OK);
        } catch (IOException silent) {
            recorder.count("scrape", Outcome.INFO);
        }
    }

    @Override
    public String name() {
        return "W9";
    }

    @Override
    public void stop() {
        threads.forEach(ClientThreads.Watched::end);
        threads.forEach(ClientThreads.Watched::await);
    }

    @Override
    public void close() {
        threads.forEach(ClientThreads.Watched::end);
    }
}

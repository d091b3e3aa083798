package io.flotilla.chaos.run;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.HistoryReader;
import io.flotilla.chaos.history.RunClock;
import io.flotilla.chaos.plan.Episode;
import io.flotilla.chaos.port.Ports;
import io.flotilla.chaos.port.grpc.GrpcPorts;
import io.flotilla.chaos.workload.ClientThreads;
import io.flotilla.chaos.workload.Recorder;
import io.flotilla.chaos.workload.Scene;
import io.flotilla.chaos.workload.Topic;
import io.flotilla.chaos.workload.Values;
import io.flotilla.chaos.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run, from the first topic to the last read. */
public final class ChaosRun {
    /** Folder of the history in that of the run. */
    public static final String HISTORY = "history";

    private static final Logger LOG = LoggerFactory.getLogger(ChaosRun.class);
    private static final long LEADERS_MILLIS = 300;
    private static final long LOGS_MILLIS = 100;
    private static final long PROCESSES_MILLIS = 200;
    private static final long RESOURCES_MILLIS = 10_000;

    private final RunSettings settings;
    private final Backend backend;
    private final Path history;
    private final List<String> unverified = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    private ChaosRun(RunSettings settings, Backend backend, Path directory) {
        this.settings = settings;
        this.backend = backend;
        this.history = directory.resolve(HISTORY);
    }

    /**
     * Runs a plan against a cluster that was just started. Where brokers can be stopped they are stopped afterwards.
     *
     * @param directory of the run; gets {@code plan.json}, {@code run.properties} and the folder {@value #HISTORY}, which must not exist
     * @throws IOException           if the folder cannot be written
     * @throws IllegalStateException if the cluster does not serve even before anything is done to it
     */
    public static RunSummary run(RunSettings settings, Backend backend, Path directory) throws IOException {
        settings.write(directory);
        Files.createDirectory(directory.resolve(HISTORY));
        return new ChaosRun(settings, backend, directory).run();
    }

    private RunSummary run() throws IOException {
        RunClock clock = new RunClock();
        Ports ports = new GrpcPorts();
        SortedMap<String, Long> counts;
        try (Recorder recorder = Recorder.open(history, "run", clock);
                ClusterView view = new ClusterView(backend)) {
            recorder.write(nanos -> new Event.RunStarted(
                    nanos,
                    Event.RunStarted.FORMAT,
                    settings.plan().seed(),
                    settings.profile(),
                    backend.nodes().size(),
                    described()));
            Values values = new Values(new SplittableRandom(settings.workload().seed()).nextLong() ^ System.nanoTime());
            try (ClientThreads threads = new ClientThreads(recorder)) {
                Scene scene = new Scene(recorder, values, ports, backend.bootstrap(), threads, settings.workload());
                counts = use(scene, view);
            }
            begin(recorder, "ended");
            counts.putAll(recorder.counts());
        }
        Failovers failovers = new Failovers();
        HistoryReader.read(history, failovers);
        return new RunSummary(
                counts, failovers.end(), List.copyOf(unverified), List.copyOf(remarks), clock.nanos() / 1_000_000_000);
    }

    private SortedMap<String, String> described() {
        SortedMap<String, String> all = settings.described();
        all.put("backend", backend.name());
        String version = ChaosRun.class.getPackage().getImplementationVersion();
        if (version != null) {
            all.put("version", version);
        }
        return all;
    }

    private SortedMap<String, Long> use(Scene scene, ClusterView view) {
        Topics topics =
                Topics.of(settings.workload().partitions(), backend.nodes().size());
        List<Topic> used = topics.usedBy(settings.workloads());
        used.forEach(topic -> Topics.create(scene, topic));
        Groups groups = new Groups();
        view.cluster().ifPresent(cluster -> groups.addMetadata(cluster.clusterId()));
        used.forEach(topic -> view.topic(topic.name()).ifPresent(groups::add));

        SortedMap<String, Long> steps;
        try (Observers observers = new Observers()) {
            Recorder recorder = scene.recorder();
            LeaderObserver leaders = new LeaderObserver(
                    recorder, backend, view, used.stream().map(Topic::name).collect(Collectors.toSet()));
            LogObserver logs = new LogObserver(recorder, backend, groups::of);
            ResourceObserver resources = new ResourceObserver(recorder, backend);
            observers.start("observe-leaders", LEADERS_MILLIS, leaders);
            observers.start("observe-logs", LOGS_MILLIS, logs);
            observers.start("observe-processes", PROCESSES_MILLIS, new ProcessObserver(recorder, backend));
            observers.start("observe-resources", RESOURCES_MILLIS, resources);
            Triggers triggers = new Triggers(() -> recorder.count("send ok"), logs::votes, leaders::changes);
            List<Workload> workloads = new Casting(scene, topics, settings.workloads(), backend).start();
            try {
                begin(recorder, "faults");
                steps = follow(new EpisodeRunner(recorder, backend, triggers, unverified), view, resources, used);
                begin(recorder, "healed");
                awaitNanos(System.nanoTime() + settings.healed().toNanos());
                workloads.forEach(Workload::stop);
            } finally {
                workloads.forEach(Workload::close);
            }
            begin(recorder, "final");
            readAll(scene, view, used);
        }
        return steps;
    }

    private SortedMap<String, Long> follow(
            EpisodeRunner runner, ClusterView view, ResourceObserver resources, List<Topic> used) {
        Recovery recovery = new Recovery(backend, view, used);
        long startNanos = System.nanoTime();
        for (Episode episode : settings.plan().episodes()) {
            awaitNanos(startNanos + Duration.ofMillis(episode.startMillis()).toNanos());
            if (!settings.plan().mayBeginAt((System.nanoTime() - startNanos) / 1_000_000)) {
                runner.leftOut(episode);
                continue;
            }
            if (!recovery.allows(episode)) {
                remarks.add("episode " + episode.number()
                        + " was left out: copies that an earlier one had destroyed were not made anew in time");
                continue;
            }
            resources.quiet(false);
            runner.run(episode);
            recovery.note(episode);
            resources.quiet(true);
            awaitNanos(
                    System.nanoTime() + Duration.ofMillis(episode.quietMillis()).toNanos());
        }
        awaitNanos(startNanos + Duration.ofMillis(settings.plan().minMillis()).toNanos());
        return new TreeMap<>(runner.steps());
    }

    private void readAll(Scene scene, ClusterView view, List<Topic> used) {
        FinalReads reads = new FinalReads(scene, backend, view, used, settings.finalTimeout(), remarks);
        try {
            if (settings.restart()) {
                backend.restartAll();
            }
            reads.throughLeaders();
            reads.fromReplicas();
        } catch (FaultException failure) {
            LOG.warn("the cluster could not be read to its end", failure);
            remarks.add("the last reads broke off: " + failure.getMessage());
        }
    }

    private static void begin(Recorder recorder, String phase) {
        recorder.write(nanos -> new Event.PhaseBegan(nanos, phase));
    }

    private static void awaitNanos(long dueNanos) {
        while (dueNanos - System.nanoTime() > 0) {
            LockSupport.parkNanos(dueNanos - System.nanoTime());
        }
    }
}

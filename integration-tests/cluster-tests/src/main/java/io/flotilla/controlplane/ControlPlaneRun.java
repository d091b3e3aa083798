package io.flotilla.controlplane;

import io.flotilla.client.Admin;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.metadata.MetadataReplica;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One run: three brokers, workers that make and delete topics, restarts, and the judgement once all have been stopped. */
final class ControlPlaneRun {
    private static final int BROKERS = 3;
    private static final int HEAP_MIB = 256;
    /** A client gives a call up after 30 s. */
    private static final Duration LAST_CALLS_TIMEOUT = Duration.ofMinutes(2);

    private final RunSettings settings;
    private final Path directory;
    private final Consumer<String> story;

    ControlPlaneRun(RunSettings settings, Path directory, Consumer<String> story) {
        this.settings = settings;
        this.directory = directory;
        this.story = story;
    }

    /**
     * What a run found; {@code complaints} is empty if all is well.
     *
     * @param restarts         by broker
     * @param restartsOfLeader those that hit the leader of the metadata
     */
    record Result(
            CallTally calls,
            SortedMap<Integer, Integer> restarts,
            int restartsOfLeader,
            Judgement.Figures figures,
            List<String> complaints) {}

    /**
     * @throws IllegalStateException if the cluster does not do its part in time, a broker ends by itself, or its logs are not
     *     whole
     */
    Result run() throws IOException {
        SplittableRandom random = new SplittableRandom(settings.seed());
        try (ProcessCluster cluster =
                ProcessCluster.start(ClusterSettings.of(BROKERS, directory).withHeapMib(HEAP_MIB))) {
            String clusterId = cluster.client().admin().describeCluster().clusterId();
            List<Path> dataFolders =
                    cluster.brokerIds().stream().map(cluster::dataDirectory).toList();
            try (KeptLogs logs =
                    KeptLogs.start(MetadataReplica.groupIdOf(clusterId), directory.resolve("kept-logs"), dataFolders)) {
                CallBudget budget = new CallBudget(settings.calls());
                CallTally tally = new CallTally();
                Restarts restarts = new Restarts(cluster, budget, settings.callsPerHalf(), story);
                List<TopicWorker.History> histories = play(cluster, budget, tally, restarts, random);
                story.accept(tally.calls() + " calls have ended; stopping all brokers");
                cluster.brokerIds().forEach(cluster::stop);
                Judgement judgement = Judgement.of(clusterId, logs.finish(), dataFolders, histories);
                List<String> complaints = new ArrayList<>(judgement.complaints());
                if (tally.calls() != settings.calls()) {
                    complaints.add(tally.calls() + " calls were made in place of " + settings.calls());
                }
                return new Result(tally, restarts.counts(), restarts.ofLeaders(), judgement.figures(), complaints);
            }
        }
    }

    private List<TopicWorker.History> play(
            ProcessCluster cluster, CallBudget budget, CallTally tally, Restarts restarts, SplittableRandom random) {
        Admin admin = cluster.client().admin();
        ExecutorService threads = Executors.newFixedThreadPool(settings.workers());
        try {
            List<Future<TopicWorker.History>> workers = new ArrayList<>();
            for (int worker = 1; worker <= settings.workers(); worker++) {
                workers.add(threads.submit(
                        new TopicWorker(admin, budget, tally, random.split(), "worker-" + worker + "-")));
            }
            restarts.play(RestartPlan.of(settings.restarts(), random));
            budget.release(settings.calls());
            List<TopicWorker.History> histories = new ArrayList<>();
            for (Future<TopicWorker.History> worker : workers) {
                histories.add(worker.get(LAST_CALLS_TIMEOUT.toSeconds(), TimeUnit.SECONDS));
            }
            return histories;
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while calls were made", interruption);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("a worker has not made its calls: " + failure, failure);
        } finally {
            budget.close();
            threads.shutdownNow();
        }
    }
}

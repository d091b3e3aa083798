package io.flotilla.simulation.storage;

import io.flotilla.simulation.disk.CrashStates;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run crash-states}. */
@Command(
        name = "run crash-states",
        mixinStandardHelpOptions = true,
        description = "Cuts the power of a simulated disk behind every operation of a partition's storage, starts the"
                + " storage on each disk that may be left, and compares with a model.")
public final class CrashStatesSuite implements Callable<Integer> {
    private static final StorageSimulation.Plan ALL_MOMENTS =
            new StorageSimulation.Plan(300, new CrashStates.Limits(12, 96), -1);

    @Option(names = "--states", paramLabel = "N", description = "Crash states to try at least; default 10000000.")
    private long states = 10_000_000;

    @Option(names = "--seed", paramLabel = "S", description = "First seed, more follow; random by default.")
    private long firstSeed = new SplittableRandom().nextInt(1_000_000);

    @Option(
            names = "--step",
            paramLabel = "N",
            description = "Try only what may be left at this step of the first seed, as a violation names it.")
    private long step = -1;

    @Option(names = "--threads", paramLabel = "N", description = "Seeds tried at a time; default all processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    private final AtomicLong tried = new AtomicLong();
    private final AtomicLong nextSeed = new AtomicLong();
    private final List<Violation> violations = new ArrayList<>();

    private CrashStatesSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new CrashStatesSuite()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        long startNanos = System.nanoTime();
        nextSeed.set(firstSeed);
        if (step >= 0) {
            run(new StorageSimulation.Plan(ALL_MOMENTS.commands(), ALL_MOMENTS.limits(), step));
        } else {
            runOnAllThreads();
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        violations.forEach(violation -> System.out.println(violation.getMessage()));
        System.out.println(String.format(
                Locale.ROOT,
                "VERDICT crash-states %s states=%d violations=%d first_seed=%d seeds=%d seconds=%.1f states_per_second=%.0f",
                violations.isEmpty() ? "PASS" : "FAIL",
                tried.get(),
                violations.size(),
                firstSeed,
                nextSeed.get() - firstSeed,
                seconds,
                tried.get() / seconds));
        return violations.isEmpty() ? 0 : 1;
    }

    private void runOnAllThreads() throws InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> runs = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                runs.add(executor.submit(() -> {
                    while (tried.get() < states && violationCount() == 0) {
                        run(ALL_MOMENTS);
                    }
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private void run(StorageSimulation.Plan plan) {
        long seed = nextSeed.getAndIncrement();
        try {
            long done = StorageSimulation.run(seed, plan, Machine.HONEST);
            System.out.println("seed " + seed + ": " + done + " crash states, " + tried.addAndGet(done) + " in all");
        } catch (Violation violation) {
            synchronized (violations) {
                violations.add(violation);
            }
        }
    }

    private int violationCount() {
        synchronized (violations) {
            return violations.size();
        }
    }
}

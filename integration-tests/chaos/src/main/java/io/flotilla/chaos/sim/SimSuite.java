package io.flotilla.chaos.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run sim}. */
@Command(
        name = "run sim",
        mixinStandardHelpOptions = true,
        description =
                "Runs a partition's real replicas in one process over a network in memory, kills, cuts off and wipes"
                        + " them by a seed, and compares them at the end. Threads and clocks are real: a seed that fails need"
                        + " not fail each time.")
public final class SimSuite implements Callable<Integer> {
    /** Most of a simulation's time goes by in waiting for elections and for ends of members. */
    private static final int SIDE_BY_SIDE_PER_PROCESSOR = 4;

    @Option(names = "--seeds", paramLabel = "N", description = "Seeds to run; default 200.")
    private int seeds = 200;

    @Option(names = "--seed", paramLabel = "S", description = "First seed, more follow; random by default.")
    private long firstSeed = new SplittableRandom().nextInt(1_000_000);

    @Option(names = "--side-by-side", paramLabel = "N", description = "Simulations at a time; default 4 a processor.")
    private int sideBySide = SIDE_BY_SIDE_PER_PROCESSOR * Runtime.getRuntime().availableProcessors();

    @Option(names = "--plan", description = "Only print what the first seed has in store.")
    private boolean planOnly;

    private SimSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SimSuite()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        if (planOnly) {
            System.out.println(SimPlan.of(firstSeed));
            return 0;
        }
        long startNanos = System.nanoTime();
        List<SimResult> results = runAll();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        List<SimResult> failed =
                results.stream().filter(result -> !result.passed()).toList();
        failed.forEach(result -> System.out.println(result.report()));
        System.out.println(String.format(
                Locale.ROOT,
                "VERDICT sim %s seeds=%d failed=%d first_seed=%d acknowledged=%d read=%d terms=%d recovery_ms_max=%d"
                        + " seconds=%.1f seeds_per_second=%.2f",
                failed.isEmpty() ? "PASS" : "FAIL",
                results.size(),
                failed.size(),
                firstSeed,
                results.stream().mapToLong(SimResult::acknowledged).sum(),
                results.stream().mapToLong(SimResult::read).sum(),
                results.stream().mapToLong(SimResult::terms).sum(),
                results.stream()
                        .mapToLong(result -> result.recovery().toMillis())
                        .max()
                        .orElse(0),
                seconds,
                results.size() / seconds));
        return failed.isEmpty() ? 0 : 1;
    }

    private List<SimResult> runAll() throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(sideBySide);
        try {
            List<Future<SimResult>> running = new ArrayList<>();
            LongStream.range(firstSeed, firstSeed + seeds)
                    .forEach(seed -> running.add(threads.submit(() -> told(SimA.run(seed)))));
            List<SimResult> results = new ArrayList<>();
            for (Future<SimResult> result : running) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static SimResult told(SimResult result) {
        System.out.println(String.format(
                Locale.ROOT,
                "seed %d: %s replicas=%d acknowledged=%d read=%d terms=%d recovery_ms=%d seconds=%.1f",
                result.seed(),
                result.passed() ? "ok" : "FAILED",
                result.plan().nodes(),
                result.acknowledged(),
                result.read(),
                result.terms(),
                result.recovery().toMillis(),
                result.took().toMillis() / 1e3));
        return result;
    }
}

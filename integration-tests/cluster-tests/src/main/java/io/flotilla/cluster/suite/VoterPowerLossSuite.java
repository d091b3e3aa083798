package io.flotilla.cluster.suite;

import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run voter-power-loss}. */
@Command(
        name = "run voter-power-loss",
        mixinStandardHelpOptions = true,
        description =
                "Cuts the power of a broker's disk right behind its vote, and kills the leader it elected: the term"
                        + " must not get a second one. A trial without such a vote is tried again. Needs what power-loss needs.")
public final class VoterPowerLossSuite implements Callable<Integer> {
    private static final int ATTEMPTS_MAX = 4;

    @Option(names = "--trials", paramLabel = "N", description = "Votes for each file system; default 10.")
    private int trials = 10;

    @Option(names = "--fs", paramLabel = "KIND", description = "Only ext4 or only xfs; default both.")
    private List<LoopDisk.Kind> kinds = List.of(LoopDisk.Kind.values());

    @Option(names = "--seed", paramLabel = "S", description = "Seed of moments and traffic; random by default.")
    private long seed = new SplittableRandom().nextInt(1_000_000);

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where disks and logs go; default a temporary one.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    private final long startNanos = System.nanoTime();
    private final List<String> skipped = new ArrayList<>();
    private final List<Duration> voteAges = new ArrayList<>();
    private int done;
    private int failed;
    private int terms;
    private int doubleLeaders;
    private long acknowledged;

    private VoterPowerLossSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new VoterPowerLossSuite())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        for (LoopDisk.Kind kind : kinds) {
            Path runDirectory = Files.createTempDirectory(directory, "flotilla-voter-power-loss-" + kind + "-");
            Optional<String> obstacle = ClusterOnDisks.obstacle(kind, runDirectory);
            if (obstacle.isPresent()) {
                System.out.println(kind + " is skipped: " + obstacle.get());
                skipped.add(kind.toString());
            } else {
                run(kind, runDirectory);
            }
            if (failed == 0) {
                DirectoryTree.delete(runDirectory);
            }
        }
        System.out.println(String.format(
                Locale.ROOT,
                "VERDICT voter-power-loss %s seed=%d trials=%d votes=%d within_10_ms=%d terms_led=%d double_leaders=%d"
                        + " failed=%d acknowledged=%d seconds=%.0f skipped=%s",
                failed > 0 ? "FAIL" : done > 0 ? "PASS" : "SKIPPED",
                seed,
                done,
                voteAges.size(),
                voteAges.stream().filter(age -> age.toMillis() < 10).count(),
                terms,
                doubleLeaders,
                failed,
                acknowledged,
                (System.nanoTime() - startNanos) / 1e9,
                skipped.isEmpty() ? "none" : String.join(",", skipped)));
        return failed == 0 ? 0 : 1;
    }

    private void run(LoopDisk.Kind kind, Path runDirectory) throws IOException {
        try (VoterPowerLossRun run = VoterPowerLossRun.start(kind, seed, runDirectory, this::tell)) {
            try {
                for (int number = 0; number < trials; number++) {
                    List<String> complaints = trial(run);
                    done++;
                    note(kind + " trial " + number, complaints, runDirectory);
                }
            } finally {
                // Also of a run that broke off: two leaders are a reason to.
                Set<ElectionLines.Reign> reigns = run.reigns();
                List<String> doubles = DoubleLeaders.of(reigns);
                terms += DoubleLeaders.terms(reigns);
                doubleLeaders += doubles.size();
                note(kind + " elections", doubles, runDirectory);
            }
        } catch (IllegalStateException failure) {
            failed++;
            tell(kind + " FAILED, logs in " + runDirectory);
            failure.printStackTrace(System.out);
        }
    }

    /** Tries until a vote was given shortly before the loss of power, but not for ever. */
    private List<String> trial(VoterPowerLossRun run) throws IOException {
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            VoterPowerLossRun.Result result = run.trial();
            acknowledged += result.verdict().acknowledged();
            result.voteAge().ifPresent(voteAges::add);
            if (result.voteAge().isPresent() || !result.complaints().isEmpty()) {
                return result.complaints();
            }
            tell("no vote made a leader shortly before the loss of power, once more");
        }
        return List.of("no leader was elected right before a loss of power in " + ATTEMPTS_MAX + " attempts");
    }

    private void note(String what, List<String> complaints, Path runDirectory) {
        if (!complaints.isEmpty()) {
            failed++;
            tell(what + " FAILED, data and logs in " + runDirectory);
            complaints.forEach(System.out::println);
        }
    }

    private void tell(String event) {
        System.out.println(String.format(Locale.ROOT, "  [%6.1f s] %s", (System.nanoTime() - startNanos) / 1e9, event));
    }
}

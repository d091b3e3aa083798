package io.flotilla.groups;

import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run groups}. */
@Command(
        name = "run groups",
        mixinStandardHelpOptions = true,
        description = "Restarts all members of a consumer group one by one, then kills members, brokers and the group's"
                + " coordinator, and judges what the members have processed and committed.")
public final class GroupsSuite implements Callable<Integer> {
    @Option(names = "--members", paramLabel = "N", description = "Of the group; default ${DEFAULT-VALUE}.")
    private int members = 50;

    @Option(names = "--partitions", paramLabel = "N", description = "Of its topic; default ${DEFAULT-VALUE}.")
    private int partitions = 200;

    @Option(names = "--rate", paramLabel = "N", description = "Records written a second; default ${DEFAULT-VALUE}.")
    private int rate = 100;

    @Option(
            names = "--kills",
            paramLabel = "SECONDS",
            description = "How long members and brokers are killed, 0 for not at all; default ${DEFAULT-VALUE}.")
    private int killSeconds = 120;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of who is killed when; random by default.")
    private long seed = new SplittableRandom().nextInt(1_000_000);

    @Option(names = "--directory", paramLabel = "DIR", description = "Where data and logs go; default a temporary one.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    private GroupsSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new GroupsSuite()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        boolean passed = run("restarts", Duration.ZERO);
        if (killSeconds > 0) {
            passed &= run("kills", Duration.ofSeconds(killSeconds));
        }
        System.out.println("VERDICT groups " + (passed ? "PASS" : "FAIL") + " seed=" + seed);
        return passed ? 0 : 1;
    }

    private boolean run(String name, Duration kills) throws IOException {
        Path runDirectory = Files.createTempDirectory(directory, "flotilla-groups-" + name + "-");
        System.out.println(name + ": data and logs in " + runDirectory);
        GroupsSettings settings = new GroupsSettings(members, partitions, rate, kills, seed);
        boolean passed = false;
        String details;
        try {
            GroupsRun.Result result = new GroupsRun(settings, runDirectory, storyOf(name)).run();
            List<String> complaints = result.judgement().complaints();
            complaints.forEach(complaint -> System.out.println("  " + complaint));
            passed = complaints.isEmpty() && result.failed() == 0;
            details = figures(result);
            if (passed) {
                DirectoryTree.delete(runDirectory);
            }
        } catch (IllegalStateException failure) {
            failure.printStackTrace(System.out);
            details = "cause="
                    + String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        }
        System.out.println("RESULT " + name + (passed ? " PASS " : " FAIL ") + details);
        return passed;
    }

    private static String figures(GroupsRun.Result result) {
        GroupJudgement judgement = result.judgement();
        return String.format(
                Locale.ROOT,
                "records=%d failed=%d processed=%d repeated=%d commits=%d tenures=%d take_overs=%d kills=%d hand_over_p50=%.3fs"
                        + " hand_over_p99=%.3fs longest_hand_over=%.3fs longest_gap=%.3fs complaints=%d",
                result.records(),
                result.failed(),
                judgement.processed(),
                judgement.repeated(),
                judgement.commits(),
                judgement.tenures(),
                judgement.takeOvers(),
                result.kills(),
                judgement.handOverNanos(50) / 1e9,
                judgement.handOverNanos(99) / 1e9,
                judgement.handOverNanos(100) / 1e9,
                judgement.longestGapNanos() / 1e9,
                judgement.complaints().size());
    }

    private static Consumer<String> storyOf(String name) {
        long startNanos = System.nanoTime();
        return event -> System.out.println(
                String.format(Locale.ROOT, "  %s [%6.1f s] %s", name, (System.nanoTime() - startNanos) / 1e9, event));
    }
}

package io.flotilla.cluster.suite;

import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run many-partitions}. */
@Command(
        name = "run many-partitions",
        mixinStandardHelpOptions = true,
        description = "Measures what many idle partitions of three replicas cost three brokers on this machine.")
public final class ManyPartitionsSuite implements Callable<Integer> {
    @Option(
            names = "--partitions",
            split = ",",
            paramLabel = "N",
            description = "Numbers of partitions, a run for each; default 100,500.")
    private List<Integer> partitions = List.of(100, 500);

    @Option(names = "--directory", paramLabel = "DIR", description = "Where data and logs go; default a temporary one.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    private ManyPartitionsSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ManyPartitionsSuite()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        int failed = 0;
        for (int count : partitions) {
            Path runDirectory = Files.createTempDirectory(directory, "flotilla-many-partitions-" + count + "-");
            try {
                ManyPartitionsRun.Result result =
                        new ManyPartitionsRun(count, runDirectory, event -> System.out.println("  " + event)).run();
                System.out.println("VERDICT many-partitions PASS partitions=" + count + " " + result);
                DirectoryTree.delete(runDirectory);
            } catch (IllegalStateException failure) {
                failure.printStackTrace(System.out);
                System.out.println("VERDICT many-partitions FAIL partitions=" + count + " logs=" + runDirectory);
                failed++;
            }
        }
        return failed == 0 ? 0 : 1;
    }
}

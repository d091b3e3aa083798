package io.flotilla.cluster;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One broker's folder and addresses, which outlive its processes.
 *
 * @param directory    holds configuration, data and log
 * @param placement    of all brokers of its cluster
 * @param grpcPort     where clients reach it
 * @param internalPort for Raft
 * @param httpPort     for metrics and health
 */
record BrokerHome(int id, Path directory, Placement placement, int grpcPort, int internalPort, int httpPort) {
    private static final String LOG_CONFIGURATION = "io/flotilla/cluster/broker-logback.xml";
    /** System property with more JVM flags for brokers, separated by spaces. */
    private static final String JVM_FLAGS = "flotilla.broker.jvm.flags";

    /** System property with more settings of brokers, {@code name=value} separated by spaces; a suite's own go before. */
    private static final String SETTINGS = "flotilla.broker.settings";

    /** System property with the level at which brokers log votes and leaders, as the consensus library sees them. */
    private static final String ELECTIONS_LEVEL = "flotilla.elections.level";

    private static final String CLASS_ARCHIVE = "-XX:SharedArchiveFile=";
    private static final String MAIN_CLASS = "io.flotilla.broker.BrokerMain";

    String grpcAddress() {
        return placement.host(id) + ":" + grpcPort;
    }

    String httpAddress() {
        return placement.host(id) + ":" + httpPort;
    }

    Path dataDirectory() {
        return directory.resolve("data");
    }

    private Path temporaryDirectory() {
        return directory.resolve("tmp");
    }

    Path configFile() {
        return directory.resolve("broker.properties");
    }

    BrokerLog log() {
        return new BrokerLog(directory.resolve("broker.log"));
    }

    /** Makes the folder and writes the configuration file. */
    void prepare(String seeds, Map<String, String> overrides) throws IOException {
        Map<String, String> settings = new TreeMap<>();
        settings.put("node.id", Integer.toString(id));
        settings.put("data.dir", dataDirectory().toString());
        settings.put(
                "listeners",
                "GRPC://" + grpcAddress() + ",INTERNAL://" + placement.host(id) + ":" + internalPort + ",HTTP://"
                        + httpAddress());
        settings.put("cluster.seeds", seeds);
        words(SETTINGS).forEach(word -> {
            int separator = word.indexOf('=');
            if (separator < 1) {
                throw new IllegalArgumentException(SETTINGS + " has '" + word + "'; write name=value");
            }
            settings.put(word.substring(0, separator), word.substring(separator + 1));
        });
        settings.putAll(overrides);
        Files.createDirectories(temporaryDirectory());
        List<String> lines = new ArrayList<>();
        settings.forEach((name, value) -> lines.add(name + "=" + value.replace("\\", "\\\\")));
        Files.write(configFile(), lines, StandardCharsets.UTF_8);
    }

    /** The command that starts this broker as in production, on the class path of this JVM. */
    List<String> command(int heapMib) {
        List<String> command = new ArrayList<>(placement.launcher(id));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(classArchive());
        command.addAll(words(JVM_FLAGS));
        command.addAll(List.of(
                "-Xmx" + heapMib + "m",
                // On two cores the JDK would start a thread for each async stage.
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                "-XX:+ExitOnOutOfMemoryError",
                // Where native libraries are unpacked: a killed process leaves them behind.
                "-Djava.io.tmpdir=" + temporaryDirectory(),
                "-Dlogback.configurationFile=" + LOG_CONFIGURATION,
                "-D" + ELECTIONS_LEVEL + "=" + System.getProperty(ELECTIONS_LEVEL, "WARN"),
                "-cp",
                System.getProperty("java.class.path"),
                MAIN_CLASS,
                "start",
                "--config",
                configFile().toString()));
        return command;
    }

    private static List<String> words(String systemProperty) {
        return Arrays.stream(System.getProperty(systemProperty, "").strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** This JVM's archive of classes, if it has one: its class path is the brokers' too. */
    private static List<String> classArchive() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith(CLASS_ARCHIVE))
                .toList();
    }
}

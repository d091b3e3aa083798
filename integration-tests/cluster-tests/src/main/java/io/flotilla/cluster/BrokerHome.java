package io.flotilla.cluster;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One broker's folder and addresses, which outlive its processes.
 *
 * @param directory    holds configuration, data and log
 * @param grpcPort     where clients reach it, on the loopback address
 * @param internalPort for Raft
 */
record BrokerHome(int id, Path directory, int grpcPort, int internalPort) {
    static final String HOST = "127.0.0.1";
    private static final String LOG_CONFIGURATION = "io/flotilla/cluster/broker-logback.xml";
    /** System property with more JVM flags for brokers, separated by spaces. */
    private static final String JVM_FLAGS = "flotilla.broker.jvm.flags";

    private static final String CLASS_ARCHIVE = "-XX:SharedArchiveFile=";
    private static final String MAIN_CLASS = "io.flotilla.broker.BrokerMain";

    String grpcAddress() {
        return HOST + ":" + grpcPort;
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
        settings.put("listeners", "GRPC://" + grpcAddress() + ",INTERNAL://" + HOST + ":" + internalPort);
        settings.put("cluster.seeds", seeds);
        settings.putAll(overrides);
        Files.createDirectories(temporaryDirectory());
        List<String> lines = new ArrayList<>();
        settings.forEach((name, value) -> lines.add(name + "=" + value.replace("\\", "\\\\")));
        Files.write(configFile(), lines, StandardCharsets.UTF_8);
    }

    /** The command that starts this broker as in production, on the class path of this JVM. */
    List<String> command(int heapMib) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(classArchive());
        command.addAll(List.of(System.getProperty(JVM_FLAGS, "").strip().split("\\s+")));
        command.removeIf(String::isEmpty);
        command.addAll(List.of(
                "-Xmx" + heapMib + "m",
                // On two cores the JDK would start a thread for each async stage.
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                "-XX:+ExitOnOutOfMemoryError",
                // Where native libraries are unpacked: a killed process leaves them behind.
                "-Djava.io.tmpdir=" + temporaryDirectory(),
                "-Dlogback.configurationFile=" + LOG_CONFIGURATION,
                "-cp",
                System.getProperty("java.class.path"),
                MAIN_CLASS,
                "start",
                "--config",
                configFile().toString()));
        return command;
    }

    /** This JVM's archive of classes, if it has one: its class path is the brokers' too. */
    private static List<String> classArchive() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith(CLASS_ARCHIVE))
                .toList();
    }
}

package io.flotilla.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.broker.config.ConfigSources.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerConfigTest {
    private static final Map<String, String> MINIMAL = Map.of(
            "node.id", "2",
            "data.dir", "/var/lib/flotilla",
            "listeners", "GRPC://127.0.0.1:9094,INTERNAL://127.0.0.1:9095",
            "cluster.seeds", "1@a:9094, 3@c:9094, 2@127.0.0.1:9094");

    private final Path folder;

    BrokerConfigTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldFillInDefaults() {
        BrokerConfig config = BrokerConfig.of(MINIMAL);

        assertThat(config.nodeId()).isEqualTo(2);
        assertThat(config.dataDirectory()).isEqualTo(Path.of("/var/lib/flotilla"));
        assertThat(config.advertised()).isEqualTo(config.listeners());
        assertThat(config.seeds()).hasToString("1@a:9094,2@127.0.0.1:9094,3@c:9094");
        assertThat(config.topicDefaults().partitionCount()).isEqualTo(1);
        assertThat(config.topicDefaults().replicationFactor()).isEqualTo(3);
        assertThat(config.topicDefaults().partition().batchBytesMax()).isEqualTo(1_048_588);
        assertThat(config.limits().requestThreads()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void shouldListenForHttpWhereItIsTold() {
        BrokerConfig without = BrokerConfig.of(MINIMAL);
        BrokerConfig with = BrokerConfig.of(
                with(Map.of("listeners", "GRPC://127.0.0.1:9094,INTERNAL://127.0.0.1:9095,HTTP://127.0.0.1:9096")));

        assertThat(without.listeners().http()).isEmpty();
        assertThat(with.listeners().http()).hasValue(new HostPort("127.0.0.1", 9096));
        assertThat(with.advertised().http()).isEmpty();
    }

    @Test
    void shouldPreferFlagsToEnvironmentToFile() throws IOException {
        Path file = file("""
                node.id=2
                log.dirs=/from-file
                listeners=GRPC://127.0.0.1:9094,INTERNAL://127.0.0.1:9095
                cluster.seeds=2@127.0.0.1:9094
                num.partitions=3
                broker.rack=file
                """);
        Map<String, String> environment = Map.of("FLOTILLA_NUM_PARTITIONS", "4", "FLOTILLA_BROKER_RACK", "environment");
        Map<String, String> flags = Map.of("num.partitions", "5");

        BrokerConfig config =
                ConfigSources.load(Optional.of(file), environment, flags).config();

        assertThat(config.topicDefaults().partitionCount()).isEqualTo(5);
        assertThat(config.rack()).isEqualTo("environment");
        assertThat(config.dataDirectory()).isEqualTo(Path.of("/from-file"));
    }

    @Test
    void shouldWarnOfKafkaSettingsThatCannotApply() {
        Loaded loaded = ConfigSources.load(
                Optional.empty(),
                Map.of(),
                with(Map.of(
                        "process.roles", "broker,controller",
                        "min.insync.replicas", "2",
                        "offsets.topic.replication.factor", "3",
                        "unclean.leader.election.enable", "false")));

        assertThat(loaded.warnings())
                .hasSize(3)
                .anySatisfy(warning -> assertThat(warning).contains("min.insync.replicas", "majority"))
                .anySatisfy(warning -> assertThat(warning).contains("process.roles", "cluster.seeds"))
                .anySatisfy(warning -> assertThat(warning).contains("offsets.topic.replication.factor"));
    }

    @Test
    void shouldRefuseUncleanElections() {
        assertRefused(
                with(Map.of("unclean.leader.election.enable", "true")),
                "unclean.leader.election.enable = 'true'",
                "never elected");
    }

    @Test
    void shouldNameTheNearestKeyOfAnUnknownOne() {
        assertRefused(
                with(Map.of("num.partition", "3")),
                "unknown setting 'num.partition'",
                "did you mean 'num.partitions'?");
    }

    @Test
    void shouldWarnOfEnvironmentVariablesThatLookMistyped() {
        Map<String, String> environment = Map.of("FLOTILLA_NUM_PARTITION", "3", "FLOTILLA_SERVICE_HOST", "10.0.0.1");

        Loaded loaded = ConfigSources.load(Optional.empty(), environment, MINIMAL);

        assertThat(loaded.warnings()).singleElement().asString().contains("FLOTILLA_NUM_PARTITIONS");
    }

    @Test
    void shouldRefuseAFileItCannotRead() {
        Path missing = folder.resolve("missing.properties");

        assertThatThrownBy(() -> ConfigSources.load(Optional.of(missing), Map.of(), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(missing.toString(), "--config");
    }

    @Test
    void shouldNameAMissingSettingAndTheWaysToSetIt() {
        Map<String, String> settings = new HashMap<>(MINIMAL);
        settings.remove("node.id");

        assertRefused(settings, "'node.id' is missing", "FLOTILLA_NODE_ID", "--set node.id");
    }

    @Test
    void shouldRefuseTheSameSettingUnderTwoNames() {
        assertRefused(with(Map.of("log.dirs", "/x")), "log.dirs", "data.dir", "the same setting");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node.id | one | whole number from 0",
                "node.id | -1 | whole number from 0",
                "node.id | 99999999999999999999 | whole number from 0",
                "data.dir | /a,/b | one data folder",
                "num.partitions | 0 | from 1 to 10000",
                "message.max.bytes | 2000000 | from 1024 to 1048588",
                "listeners | GRPC://h:9094 | lacks INTERNAL://",
                "listeners | GRPC://h:1,INTERNAL://h:2,HTTP://h:2 | its own port",
                "listeners | PLAINTEXT://h:9092,INTERNAL://h:1 | is no listener",
                "listeners | GRPC://h:99999,INTERNAL://h:1 | outside [1, 65535]",
                "listeners | GRPC://h:0,INTERNAL://h:1 | outside [1, 65535]",
                "listeners | GRPC://h:http,INTERNAL://h:1 | does not end in a port",
                "listeners | GRPC://h:1,INTERNAL://h:1 | its own port",
                "listeners | GRPC://::1:9094,INTERNAL://h:1 | brackets",
                "advertised.listeners | GRPC://h:1,INTERNAL://h:2,HTTP://h:3 | HTTP is not advertised",
                "advertised.listeners | GRPC://0.0.0.0:9094,INTERNAL://h:1 | name this machine",
                "cluster.seeds | 1@a:9094,2@b:9094 | 1, 3 or 5",
                "cluster.seeds | a:9094 | <node id>@host:port",
                "cluster.seeds | 1@a:1,1@b:1,2@c:1 | repeats",
                "cluster.seeds | 2@elsewhere:9094 | make them equal",
                "cluster.seeds | 7@127.0.0.1:9094 | another node id",
                "raft.election.timeout.max.ms | 1000 | must be above",
                "append.stream.in.flight.bytes.max | 268435456 | more than append.in.flight.bytes.max",
            })
    void shouldNameKeyValueAndRemedyOfAWrongValue(String key, String value, String remedy) {
        assertRefused(with(Map.of(key, value)), key, remedy);
    }

    @Test
    void shouldParseAndPrintAddressesAlike() {
        assertThat(HostPort.parse("[::1]:9094"))
                .isEqualTo(new HostPort("::1", 9094))
                .hasToString("[::1]:9094");
        assertThat(HostPort.parse("host:1")).hasToString("host:1");
    }

    @Test
    void shouldDocumentEverySetting() {
        assertThat(BrokerKeys.ALL).allSatisfy(key -> {
            assertThat(key.doc()).endsWith(".");
            assertThat(key.environmentName()).matches("FLOTILLA_[A-Z_]+");
        });
    }

    private static Map<String, String> with(Map<String, String> changes) {
        Map<String, String> settings = new HashMap<>(MINIMAL);
        settings.putAll(changes);
        return settings;
    }

    private static void assertRefused(Map<String, String> settings, String... parts) {
        assertThatThrownBy(() -> BrokerConfig.of(settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(parts);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("broker.properties"), content);
    }
}

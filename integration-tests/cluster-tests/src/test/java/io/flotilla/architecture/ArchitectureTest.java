package io.flotilla.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The arrows of ARCHITECTURE.md, held. A rule over packages that do not exist fails, and so does a fence around a
 * library that nobody behind it uses: no rule passes because it looks at nothing.
 */
final class ArchitectureTest {
    private static final String PROTOCOL = "io.flotilla.protocol..";
    private static final String CLIENT = "io.flotilla.client..";
    private static final String RAFT_LOG = "io.flotilla.raftlog..";
    private static final String METADATA = "io.flotilla.metadata..";
    private static final String MANAGER = "io.flotilla.manager..";
    private static final String BROKER = "io.flotilla.broker..";
    private static final String JUNIT = "io.flotilla.junit..";
    private static final String CLI = "io.flotilla.cli..";
    private static final String CLUSTER = "io.flotilla.cluster..";
    private static final String SIMULATION = "io.flotilla.simulation..";
    private static final String STARTS = "io.flotilla.starts..";
    private static final String QUICKSTART = "io.flotilla.quickstart..";
    private static final String BIT_ROT = "io.flotilla.bitrot..";
    private static final String MEMBERSHIP = "io.flotilla.membership..";
    /** Where a process finds ports for its clusters, whether they run inside it or from it: nothing else of the broker. */
    private static final String FREE_PORTS = "io.flotilla.broker.ports..";

    private static final String CONTROL_PLANE = "io.flotilla.controlplane..";

    private static final List<String> CLOCKS_THREADS_AND_CHANCE = List.of(
            "java.time.Clock",
            "java.lang.Thread",
            "java.lang.ProcessHandle",
            "java.util.Random",
            "java.util.SplittableRandom");

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static JavaClasses main;

    @BeforeAll
    static void importMainClasses() {
        main = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.flotilla");
    }

    static List<ArchRule> moduleArrows() {
        return List.of(
                onlyUses(PROTOCOL),
                onlyUses(CLIENT, PROTOCOL),
                onlyUses(RAFT_LOG, PROTOCOL),
                onlyUses(METADATA, RAFT_LOG, PROTOCOL),
                onlyUses(MANAGER, METADATA, RAFT_LOG, PROTOCOL),
                onlyUses(BROKER, MANAGER, METADATA, RAFT_LOG, PROTOCOL),
                onlyUses(JUNIT, BROKER, CLIENT, PROTOCOL),
                onlyUses(CLI, CLIENT, PROTOCOL),
                onlyUses(CLUSTER, FREE_PORTS, CLIENT, CLI, PROTOCOL),
                onlyUses(SIMULATION, RAFT_LOG, PROTOCOL),
                onlyUses(QUICKSTART, CLUSTER, CLIENT, CLI, PROTOCOL),
                onlyUses(STARTS, BROKER, CLIENT, PROTOCOL),
                onlyUses(BIT_ROT, CLUSTER, BROKER, CLIENT, PROTOCOL),
                onlyUses(MEMBERSHIP, CLUSTER, CLIENT, PROTOCOL),
                onlyUses(CONTROL_PLANE, CLUSTER, METADATA, RAFT_LOG, CLIENT, PROTOCOL));
    }

    /** Of our own packages, those of a module use its own and the named ones. */
    private static ArchRule onlyUses(String module, String... others) {
        String[] allowed = Stream.concat(Stream.of(module), Stream.of(others)).toArray(String[]::new);
        DescribedPredicate<JavaClass> foreign = JavaClass.Predicates.resideInAPackage("io.flotilla..")
                .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(allowed)))
                .as("other modules than %s", List.of(others));
        return noClasses().that().resideInAPackage(module).should().dependOnClassesThat(foreign);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("moduleArrows")
    void shouldPointArrowsBetweenModulesOneWay(ArchRule rule) {
        rule.check(main);
    }

    /** A third-party library and the only packages that know it. */
    private record Fence(String library, List<String> insiders) {
        static Fence around(String library, String... insiders) {
            return new Fence(library, List.of(insiders));
        }

        private String[] insidersArray() {
            return insiders.toArray(String[]::new);
        }

        ArchRule rule() {
            return noClasses()
                    .that()
                    .resideInAPackage("io.flotilla..")
                    .and()
                    .resideOutsideOfPackages(insidersArray())
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(library);
        }

        boolean isUsed(JavaClasses classes) {
            var insider = JavaClass.Predicates.resideInAnyPackage(insidersArray());
            var libraryClass = JavaClass.Predicates.resideInAPackage(library);
            return classes.stream()
                    .filter(insider)
                    .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                    .anyMatch(dependency -> libraryClass.test(dependency.getTargetClass()));
        }

        @Override
        public String toString() {
            return library + " only in " + insiders;
        }
    }

    static List<Fence> fences() {
        return List.of(
                Fence.around("org.apache.ratis..", "io.flotilla.raftlog.raft.ratis.."),
                Fence.around("org.rocksdb..", "io.flotilla.raftlog.index.."),
                Fence.around("io.micrometer..", "io.flotilla.broker.metrics..", "io.flotilla.client.metrics.."),
                Fence.around("io.prometheus..", "io.flotilla.broker.metrics.."),
                Fence.around("com.fasterxml..", "io.flotilla.client.typed.."),
                Fence.around("io.opentelemetry..", "io.flotilla.client.tracing.."),
                Fence.around("com.google.re2j..", "io.flotilla.broker.group.."),
                Fence.around("com.sun.net.httpserver..", "io.flotilla.broker.http.."),
                Fence.around(
                        "io.netty..",
                        "io.flotilla.raftlog.raft.ratis.transport..",
                        "io.flotilla.raftlog.link..",
                        "io.flotilla.broker.network..",
                        "io.flotilla.client.transport.."),
                Fence.around(
                        "io.grpc..",
                        // The stubs are generated; protocol.error and protocol.record know nothing of them.
                        "io.flotilla.protocol.v1..",
                        "io.flotilla.client.transport..",
                        "io.flotilla.client.admin..",
                        "io.flotilla.client.group..",
                        "io.flotilla.broker.grpc..",
                        "io.flotilla.broker.internal..",
                        "io.flotilla.broker.network.."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fences")
    void shouldKeepLibrariesBehindTheirPackage(Fence fence) {
        fence.rule().check(main);

        assertThat(fence.isUsed(main))
                .as("%s: nothing inside uses it, so the fence proves nothing", fence)
                .isTrue();
    }

    @Test
    void shouldUseNoKafkaCodeInMainCode() {
        noClasses()
                .that()
                .resideInAPackage("io.flotilla..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(main);
    }

    static List<String> purePackages() {
        return List.of(
                "io.flotilla.raftlog.partition.rules..",
                "io.flotilla.raftlog.catchup.plan..",
                "io.flotilla.metadata.core..",
                "io.flotilla.cluster.history..");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("purePackages")
    void shouldKeepRulesPure(String purePackage) {
        isPure(purePackage).check(main);
    }

    /** No clock, thread, file, network or logger: replay must repeat history exactly. */
    private static ArchRule isPure(String purePackage) {
        DescribedPredicate<JavaClass> impure = JavaClass.Predicates.resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.util.concurrent..",
                        "java.util.logging..",
                        "org.slf4j..",
                        "org.rocksdb..",
                        "org.apache.ratis..",
                        "io.grpc..")
                .or(DescribedPredicate.describe(
                        "a clock, a thread or chance", type -> CLOCKS_THREADS_AND_CHANCE.contains(type.getName())))
                // An exception that a codec declares or wraps is no I/O.
                .and(DescribedPredicate.not(JavaClass.Predicates.assignableTo(Throwable.class)));
        return noClasses()
                .that()
                .resideInAPackage(purePackage)
                .should()
                .dependOnClassesThat(impure)
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(UUID.class, "randomUUID");
    }

    /** Rules that would pass whatever the code does guard nothing. */
    @Test
    void shouldBeAbleToFail() {
        assertThatThrownBy(() -> isPure("io.flotilla.cluster.traffic..").check(main))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("java.util.concurrent")
                .hasMessageContaining("nanoTime");
        assertThatThrownBy(() -> onlyUses(CLUSTER, PROTOCOL).check(main))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("io.flotilla.client");
        assertThatThrownBy(() -> Fence.around("io.grpc..", "io.flotilla.broker.grpc..")
                        .rule()
                        .check(main))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("io.flotilla.client.transport");
        assertThatThrownBy(() -> isPure("io.flotilla.no.such.package..").check(main))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("failed to check any classes");
    }

    @Test
    void shouldMarkEveryPackageForNullness() {
        classes()
                .that()
                .resideInAPackage("io.flotilla..")
                .and()
                .resideOutsideOfPackages("io.flotilla..v1..")
                .should(BeInNullMarkedPackage.INSTANCE)
                .check(main);
    }
}

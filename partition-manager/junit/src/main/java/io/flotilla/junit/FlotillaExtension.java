package io.flotilla.junit;

import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.junit.FlotillaTest.Life;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts a cluster for tests and ends it after them. Either by {@link FlotillaTest} on the class, or in a field:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final FlotillaExtension flotilla =
 *         FlotillaExtension.builder().brokers(3).topic("orders", 6).build();
 * }</pre>
 *
 * <p>In a static field, one cluster lives for all tests of the class; in another one, each test has its own. Tests take it by
 * {@link #cluster()} and {@link #client()} or as parameters of these types. A test that has broken brokers of a cluster which
 * outlives it should mend them.
 *
 * <p>Threading: as JUnit calls it; tests of one cluster may run side by side.
 */
public final class FlotillaExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    private static final String RUNNING = "running";

    private final Namespace namespace = Namespace.create(FlotillaExtension.class, this);

    /** Null if the annotation has it. */
    private final @Nullable ClusterPlan ownPlan;

    private volatile @Nullable RunningCluster current;

    /** For {@link FlotillaTest}, which has the settings. */
    public FlotillaExtension() {
        this.ownPlan = null;
    }

    private FlotillaExtension(ClusterPlan plan) {
        this.ownPlan = plan;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** What cluster to start: one broker with default settings and no topic, unless told otherwise. */
    public static final class Builder {
        private int brokers = 1;
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<TopicWish> topics = new ArrayList<>();

        private record TopicWish(String name, int partitions) {}

        private final List<NewTopic> completeTopics = new ArrayList<>();

        private Builder() {}

        /** @param count 1 to 9 */
        public Builder brokers(int count) {
            brokers = count;
            return this;
        }

        /** A setting of every broker, by its name in the configuration file. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** A topic that is there before the first test, with three replicas or as many as there are brokers. */
        public Builder topic(String name, int partitions) {
            topics.add(new TopicWish(name, partitions));
            return this;
        }

        /** The same with everything that topics have. */
        public Builder topic(NewTopic topic) {
            completeTopics.add(topic);
            return this;
        }

        /** @throws IllegalArgumentException if the number of brokers is out of its range */
        public FlotillaExtension build() {
            List<NewTopic> all = new ArrayList<>(completeTopics);
            topics.forEach(topic -> all.add(ClusterPlan.topic(topic.name(), topic.partitions(), brokers)));
            return new FlotillaExtension(new ClusterPlan(brokers, settings, all));
        }
    }

    /**
     * The cluster that runs for the present test.
     *
     * @throws IllegalStateException if none does: before the first test and after the last one
     */
    public EmbeddedCluster cluster() {
        return running().cluster();
    }

    /**
     * A client of the cluster, which is closed with it.
     *
     * @throws IllegalStateException as {@link #cluster()}
     */
    public FlotillaClient client() {
        return running().client();
    }

    private RunningCluster running() {
        RunningCluster known = current;
        if (known == null) {
            throw new IllegalStateException(
                    "no cluster runs now; it does between the first and the last test of a class"
                            + " if the extension's field is static, else during each test");
        }
        return known;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        if (lifeFor(context) == Life.CLASS) {
            startUnlessRunning(context);
        }
    }

    /** An extension of a field that is not static is not told of the class. */
    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        startUnlessRunning(context);
    }

    private Life lifeFor(ExtensionContext context) {
        return ownPlan != null ? Life.CLASS : annotation(context).life();
    }

    private void startUnlessRunning(ExtensionContext context) throws IOException {
        Store store = context.getStore(namespace);
        if (store.get(RUNNING, RunningCluster.class) == null) {
            RunningCluster started =
                    RunningCluster.start(ownPlan != null ? ownPlan : ClusterPlan.of(annotation(context)));
            store.put(RUNNING, started);
            current = started;
        }
    }

    private static FlotillaTest annotation(ExtensionContext context) {
        Optional<FlotillaTest> found = Optional.empty();
        for (Class<?> type = context.getRequiredTestClass(); found.isEmpty() && type != null; ) {
            found = Optional.ofNullable(type.getAnnotation(FlotillaTest.class));
            type = type.getEnclosingClass();
        }
        return found.orElseThrow(() -> new ExtensionConfigurationException("there is no @FlotillaTest on "
                + context.getRequiredTestClass().getName() + "; put it there in place of @ExtendWith, or register the"
                + " extension in a field"));
    }

    /** Removes what was stored by this context, not what one around it has. */
    @Override
    public void afterEach(ExtensionContext context) {
        end(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        end(context);
    }

    private void end(ExtensionContext context) {
        RunningCluster ended = context.getStore(namespace).remove(RUNNING, RunningCluster.class);
        if (ended != null) {
            current = null;
            ended.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == EmbeddedCluster.class || type == FlotillaClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        RunningCluster running = context.getStore(namespace).get(RUNNING, RunningCluster.class);
        if (running == null) {
            throw new ParameterResolutionException("no cluster runs yet for " + parameter.getParameter()
                    + "; take it in a test method or a method before each test, or let it live as long as the class");
        }
        return parameter.getParameter().getType() == EmbeddedCluster.class ? running.cluster() : running.client();
    }
}

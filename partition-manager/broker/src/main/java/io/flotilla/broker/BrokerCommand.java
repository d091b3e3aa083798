package io.flotilla.broker;

import io.flotilla.broker.config.BrokerConfig;
import io.flotilla.broker.config.BrokerKeys;
import io.flotilla.broker.config.ConfigException;
import io.flotilla.broker.config.ConfigKey;
import io.flotilla.broker.config.ConfigSources;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code broker start}: one broker of a cluster, until it is told to stop. */
@Command(
        name = "broker",
        description = "Runs a broker.",
        mixinStandardHelpOptions = true,
        subcommands = BrokerCommand.Start.class)
public final class BrokerCommand {
    static final int STOPPED_IN_ORDER = 0;
    static final int FAILED = 1;

    /** {@code broker start}. */
    @Command(
            name = "start",
            description = "Starts a broker and runs it until SIGTERM or SIGINT, which stop it in order.",
            mixinStandardHelpOptions = true)
    static final class Start implements Callable<Integer> {
        private static final Logger LOG = LoggerFactory.getLogger(Start.class);

        @Option(names = "--config", paramLabel = "FILE", description = "Properties file with the broker's settings.")
        private @Nullable Path file;

        @Option(
                names = "--set",
                paramLabel = "KEY=VALUE",
                description = "One setting; beats the environment (FLOTILLA_KEY), which beats the file.")
        private Map<String, String> settings = new LinkedHashMap<>();

        @Option(names = "--print-config", description = "Prints every setting with its default, and exits.")
        private boolean printConfig;

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before call
        private CommandSpec spec;

        private final AtomicInteger exitCode = new AtomicInteger(STOPPED_IN_ORDER);

        @Override
        public Integer call() throws InterruptedException {
            if (printConfig) {
                printConfig(spec.commandLine().getOut());
                return STOPPED_IN_ORDER;
            }
            try {
                return run(config());
            } catch (ConfigException | IOException failure) {
                exitCode.set(FAILED);
                LOG.debug("could not start", failure);
                spec.commandLine().getErr().println("error: " + failure.getMessage());
                return FAILED;
            }
        }

        private BrokerConfig config() {
            ConfigSources.Loaded loaded = ConfigSources.load(Optional.ofNullable(file), System.getenv(), settings);
            loaded.warnings().forEach(LOG::warn);
            return loaded.config();
        }

        private int run(BrokerConfig config) throws IOException, InterruptedException {
            try (Broker broker = Broker.start(config, Start::halt)) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(broker), "broker-stop"));
                broker.ready().join();
                broker.awaitClosed();
                return STOPPED_IN_ORDER;
            } catch (CompletionException failure) {
                throw failure.getCause() instanceof IOException io ? io : new IOException(failure.getCause());
            }
        }

        /** At once: an orderly stop would need the disk, and every moment longer this broker might still vote. */
        private static void halt(Broker broker, Throwable reason) {
            LOG.error("broker stops by itself node={}", broker.nodeId(), reason);
            Runtime.getRuntime().halt(FAILED);
        }

        /** Without halt the process would end with the signal's own code, 143, although it stopped in order. */
        private void stop(Broker broker) {
            broker.close();
            Runtime.getRuntime().halt(exitCode.get());
        }

        private static void printConfig(PrintWriter out) {
            for (ConfigKey key : BrokerKeys.ALL) {
                out.println("# " + key.doc());
                String value = key.defaultValue();
                out.println(value == null ? "# " + key.name() + "= (required)" : "# " + key.name() + "=" + value);
                out.println();
            }
            out.flush();
        }
    }
}

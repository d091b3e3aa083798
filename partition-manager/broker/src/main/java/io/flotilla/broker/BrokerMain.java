package io.flotilla.broker;

import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;

/** The process's entry: {@code start --config FILE --set key=value}. */
public final class BrokerMain {
    private BrokerMain() {}

    /** Exits with 0 after an orderly stop, 1 if the broker could not start or had to stop by itself, 2 for wrong usage. */
    public static void main(String[] arguments) {
        bridgeLogging();
        System.exit(new CommandLine(new BrokerCommand()).execute(arguments));
    }

    /** gRPC logs by java.util.logging; without this its lines would go to stderr in a format of their own. */
    public static void bridgeLogging() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }
}

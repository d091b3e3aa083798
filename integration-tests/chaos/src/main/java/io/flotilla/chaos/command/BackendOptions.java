package io.flotilla.chaos.command;

import io.flotilla.chaos.fault.FaultId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Where the cluster lives, and what may be done to it. */
final class BackendOptions {
    /** Where clusters can live. */
    enum Kind {
        LOCAL,
        NETNS,
        REMOTE
    }

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--backend",
            paramLabel = "KIND",
            defaultValue = "local",
            description =
                    "local: processes on loopback; netns (root): network namespaces and file systems of their own;"
                            + " remote: a cluster of yours (default: ${DEFAULT-VALUE}).")
    private Kind kind = Kind.LOCAL;

    @Option(
            names = "--cluster",
            paramLabel = "FILE",
            description = "What a remote cluster is, and by which commands its brokers are struck.")
    private @Nullable Path cluster;

    @Option(
            names = "--brokers",
            paramLabel = "COUNT",
            defaultValue = "3",
            description = "Brokers of a cluster that is started here, 1 to 9 (default: ${DEFAULT-VALUE}).")
    private int brokers;

    @Option(
            names = "--heap",
            paramLabel = "MIB",
            defaultValue = "384",
            description = "Heap of each of them in MiB (default: ${DEFAULT-VALUE}).")
    private int heapMib;

    @Option(
            names = "--faults",
            paramLabel = "KINDS",
            split = ",",
            converter = FaultKind.class,
            description = "Kinds of faults to draw from, N1 to N28 (default: all that are possible there).")
    private List<FaultId> faults = new ArrayList<>();

    Kind kind() {
        return kind;
    }

    /** @throws ParameterException if it is missing */
    Path cluster() {
        if (cluster == null) {
            throw new ParameterException(
                    spec.commandLine(), "--backend remote needs --cluster FILE, which says what the cluster is");
        }
        return cluster;
    }

    /** What a remote cluster may suffer besides faults that cost no data: what was named. */
    Set<FaultId> allowed() {
        return faults.isEmpty() ? Set.of() : EnumSet.copyOf(faults);
    }

    int brokers() {
        return brokers;
    }

    int heapMib() {
        return heapMib;
    }

    /** The kinds asked for, or all. */
    Set<FaultId> faults() {
        return faults.isEmpty() ? EnumSet.allOf(FaultId.class) : EnumSet.copyOf(faults);
    }

    /** Whether the user named the kinds, so that one that is not possible is an error. */
    boolean faultsNamed() {
        return !faults.isEmpty();
    }

    /** Takes the number of a kind. */
    static final class FaultKind implements ITypeConverter<FaultId> {
        @Override
        public FaultId convert(String text) {
            return Arrays.stream(FaultId.values())
                    .filter(id -> id.code().equalsIgnoreCase(text.strip()))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' is no kind of fault; they are N1 to " + "N" + FaultId.values().length));
        }
    }
}

package io.flotilla.chaos.backend.remote;

import io.flotilla.chaos.fault.FaultException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How an operator's cluster is reached and struck, as a properties file says:
 *
 * <pre>
 * bootstrap=b1:9094,b2:9094,b3:9094
 * confirm.cluster=the id that the cluster itself reports
 * command.kill=ssh {host} systemctl kill -s KILL flotilla
 * command.start=ssh {host} systemctl start flotilla
 * broker.2.command.start=/usr/local/bin/start-second-broker
 * broker.2.address=10.0.0.2:9094
 * broker.2.http=10.0.0.2:9096
 * </pre>
 *
 * Commands are those of a shell on this machine, and stand for one broker; {@code {node}}, {@code {host}} and {@code
 * {port}} are its id and its address. Known are {@code kill}, {@code terminate}, {@code pause}, {@code resume}, {@code
 * start}; {@code cut} and {@code heal}, which make a broker deaf for the other one at {@code {peer.host}} and undo
 * that, and {@code probe}, which fails if the broker cannot reach {@code {peer.host}}:{@code {peer.port}}; and {@code NAME.arm}, {@code NAME.verify} and {@code NAME.disarm}
 * for every other kind of fault by its name in capitals.
 *
 * @param bootstrap {@code host:port} of brokers, separated by commas
 * @param confirmed id of the cluster that may be struck, and no other
 * @param values    all lines of the file
 */
public record RemoteSettings(String bootstrap, String confirmed, SortedMap<String, String> values) {
    private static final Pattern KNOWN = Pattern.compile("bootstrap|confirm\\.cluster"
            + "|(broker\\.\\d+\\.)?command\\.(kill|terminate|pause|resume|start|cut|heal|probe"
            + "|[A-Z_]+\\.(arm|verify|disarm))"
            + "|broker\\.\\d+\\.(address|http)");

    public RemoteSettings {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /**
     * Reads a file.
     *
     * @throws IOException    if it cannot be read
     * @throws FaultException if a line is missing or nobody knows it
     */
    public static RemoteSettings read(Path file) throws IOException {
        Properties lines = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            lines.load(reader);
        }
        SortedMap<String, String> values = new TreeMap<>();
        for (String name : lines.stringPropertyNames()) {
            if (!KNOWN.matcher(name).matches()) {
                throw new FaultException(file + " has the setting '" + name + "', which nobody knows");
            }
            values.put(name, lines.getProperty(name).strip());
        }
        return new RemoteSettings(
                required(values, "bootstrap", file), required(values, "confirm.cluster", file), values);
    }

    private static String required(SortedMap<String, String> values, String name, Path file) {
        String value = values.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new FaultException(file + " lacks " + name + "=…");
        }
        return value;
    }

    /** A broker's own command of this name, or that of all. */
    Optional<String> command(int node, String name) {
        return Optional.ofNullable(values.get("broker." + node + ".command." + name))
                .or(() -> Optional.ofNullable(values.get("command." + name)));
    }

    /** Where a broker is reached, if not where the cluster says. */
    Optional<String> address(int node) {
        return Optional.ofNullable(values.get("broker." + node + ".address"));
    }

    /** Where a broker shows its metrics. */
    Optional<String> http(int node) {
        return Optional.ofNullable(values.get("broker." + node + ".http"));
    }
}

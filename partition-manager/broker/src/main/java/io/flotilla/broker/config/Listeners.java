package io.flotilla.broker.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A broker's listeners, as bound or as advertised.
 *
 * @param http for whoever watches the broker; empty for none. Nobody asks a broker for it, so it is not advertised
 */
public record Listeners(HostPort grpc, HostPort internal, Optional<HostPort> http) {
    private static final Set<String> NAMES = Set.of("GRPC", "INTERNAL", "HTTP");
    private static final String FORM = "write GRPC://host:port,INTERNAL://host:port and, if wanted, HTTP://host:port";

    public Listeners {
        if (grpc.equals(internal)) {
            throw new IllegalArgumentException("GRPC and INTERNAL are both " + grpc + "; give each its own port");
        }
        List<HostPort> others = List.of(grpc, internal);
        http.filter(others::contains).ifPresent(same -> {
            throw new IllegalArgumentException("HTTP is " + same + " like another one; give each its own port");
        });
    }

    /**
     * @param text {@code GRPC://host:port,INTERNAL://host:port,HTTP://host:port}, the last one optional
     * @throws IllegalArgumentException saying what is wrong with {@code text}
     */
    static Listeners parse(String text) {
        Map<String, HostPort> found = new HashMap<>();
        for (String part : text.split(",", -1)) {
            String listener = part.strip();
            int separator = listener.indexOf("://");
            if (separator < 0 || !NAMES.contains(listener.substring(0, separator))) {
                throw new IllegalArgumentException("'" + listener + "' is no listener; " + FORM);
            }
            HostPort address = HostPort.parse(listener.substring(separator + 3));
            if (found.put(listener.substring(0, separator), address) != null) {
                throw new IllegalArgumentException("'" + listener + "' repeats a name");
            }
        }
        return new Listeners(named(found, "GRPC"), named(found, "INTERNAL"), Optional.ofNullable(found.get("HTTP")));
    }

    private static HostPort named(Map<String, HostPort> found, String name) {
        HostPort address = found.get(name);
        if (address == null) {
            throw new IllegalArgumentException("it lacks " + name + "://host:port");
        }
        return address;
    }
}

package io.flotilla.client;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a broker answers the gRPC API.
 *
 * @param host name or address, not blank; an IPv6 address stands without its brackets
 * @param port 1 to 65535
 */
public record BrokerAddress(String host, int port) {
    /** Port of the gRPC API where an address names none. */
    public static final int DEFAULT_PORT = 9094;

    private static final int PORT_MAX = 65_535;

    public BrokerAddress {
        if (host.isBlank()) {
            throw new IllegalArgumentException("a broker address needs a host");
        }
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("port " + port + " of broker " + host + " is outside [1, 65535]");
        }
    }

    /**
     * Parses {@code host}, {@code host:port} or {@code [ipv6]:port}.
     *
     * @throws IllegalArgumentException if the text is none of them
     */
    public static BrokerAddress parse(String text) {
        String trimmed = text.trim();
        int portAt = trimmed.lastIndexOf(':');
        boolean bracketed = trimmed.startsWith("[");
        if (portAt < 0 || (bracketed && trimmed.endsWith("]"))) {
            return new BrokerAddress(unbracketed(trimmed), DEFAULT_PORT);
        }
        if (!bracketed && trimmed.indexOf(':') != portAt) {
            throw new IllegalArgumentException(
                    "broker address '" + trimmed + "' is ambiguous: write an IPv6 address as [address]:port");
        }
        try {
            return new BrokerAddress(
                    unbracketed(trimmed.substring(0, portAt)), Integer.parseInt(trimmed.substring(portAt + 1)));
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    "broker address '" + trimmed + "' is not host:port: the port is no number", notANumber);
        }
    }

    /**
     * Parses addresses separated by commas.
     *
     * @throws IllegalArgumentException if one of them is malformed, or if there is none
     */
    public static List<BrokerAddress> parseList(String text) {
        List<BrokerAddress> addresses = new ArrayList<>();
        for (String part : text.split(",")) {
            if (!part.isBlank()) {
                addresses.add(parse(part));
            }
        }
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no broker address in '" + text + "': name at least one as host:port");
        }
        return List.copyOf(addresses);
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}

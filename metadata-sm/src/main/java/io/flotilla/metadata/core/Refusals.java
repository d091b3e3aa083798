package io.flotilla.metadata.core;

import io.flotilla.metadata.Outcome.Rejected;
import io.flotilla.protocol.error.ErrorCode;
import java.util.Map;
import java.util.Optional;

/** Refusals that several rules share. */
final class Refusals {
    private Refusals() {}

    static Rejected unknownBroker(int id) {
        return new Rejected(
                ErrorCode.UNKNOWN_BROKER,
                "broker " + id + " is not registered with the cluster; list the brokers to find its id",
                Map.of("broker_id", Integer.toString(id)));
    }

    /** Of what is right in itself, and not as the cluster is now. */
    static Optional<Rejected> conflict(String message, Map<String, String> details) {
        return Optional.of(new Rejected(ErrorCode.CONFLICT, message, details));
    }

    static Rejected invalid(String message, Map<String, String> details) {
        return new Rejected(ErrorCode.INVALID_REQUEST, message, details);
    }

    static Optional<Rejected> refused(String message, Map<String, String> details) {
        return Optional.of(invalid(message, details));
    }
}

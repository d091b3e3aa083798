package io.flotilla.metadata.core;

import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.MetadataCommand.RegisterBroker;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome.Rejected;
import io.flotilla.protocol.error.ErrorCode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may register under which broker id.
 *
 * <ul>
 *   <li>The directory known under the id: always, with whatever endpoints it now has.
 *   <li>Another directory (a wiped or exchanged disk, or the old one put back): only at the Raft endpoint the id
 *       already has. Two processes cannot listen there at once, so the earlier incarnation is proven to be gone. At any
 *       other endpoint it may be a second broker configured with the same id by mistake, and letting it in would
 *       silently take the cluster's requests away from the rightful one.
 * </ul>
 */
final class RegistrationRules {
    /** What a peer id can carry behind the node id. */
    private static final Pattern DIRECTORY_ID = Pattern.compile("[0-9a-zA-Z_]{1,64}");

    private RegistrationRules() {}

    static Optional<Rejected> refusalOf(MetadataImage image, RegisterBroker command) {
        if (command.id() < 0) {
            return refused(command, "broker id " + command.id() + " is negative; choose 0 or more");
        }
        if (!DIRECTORY_ID.matcher(command.directoryId()).matches()) {
            return refused(
                    command,
                    "directory id '" + command.directoryId() + "' of broker " + command.id()
                            + " is not 1 to 64 letters, digits or '_'; let the broker format its data folder itself");
        }
        Optional<BrokerRegistration> known = image.broker(command.id());
        if (known.isEmpty() && image.brokers().size() >= Limits.BROKERS_MAX) {
            return refused(
                    command,
                    "the cluster has " + image.brokers().size() + " brokers and takes at most " + Limits.BROKERS_MAX
                            + "; start broker " + command.id() + " with the id of one that is gone");
        }
        return known.filter(broker -> !broker.directoryId().equals(command.directoryId()))
                .filter(broker -> !broker.raft().equals(command.raft()))
                .flatMap(broker -> refused(
                        command,
                        "broker id " + command.id() + " belongs to directory " + broker.directoryId() + " at "
                                + broker.raft() + ", and directory " + command.directoryId() + " at " + command.raft()
                                + " is another; give this broker an unused id, or, if it replaces the other one after"
                                + " its disk was lost, start it at " + broker.raft()));
    }

    private static Optional<Rejected> refused(RegisterBroker command, String message) {
        return Optional.of(new Rejected(
                ErrorCode.INVALID_REQUEST,
                message,
                Map.of("broker_id", Integer.toString(command.id()), "directory_id", command.directoryId())));
    }
}

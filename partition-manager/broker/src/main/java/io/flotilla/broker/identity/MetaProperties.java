package io.flotilla.broker.identity;

import io.flotilla.broker.config.HostPort;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The bytes of {@code meta.properties}; the format stands in the package's description. */
final class MetaProperties {
    private static final String VERSION = "1";
    private static final String CHECKSUM = "crc32c=";

    private MetaProperties() {}

    static byte[] encode(Identity identity) {
        StringBuilder text = new StringBuilder();
        text.append("format.version=").append(VERSION).append('\n');
        text.append("node.id=").append(identity.nodeId()).append('\n');
        text.append("directory.id=").append(identity.directoryId()).append('\n');
        identity.membership().ifPresent(membership -> {
            text.append("cluster.id=").append(membership.clusterId()).append('\n');
            text.append("metadata.voters=").append(voters(membership.voters())).append('\n');
        });
        if (identity.metadataStarted()) {
            text.append("metadata.started=true\n");
        }
        if (identity.metadataRetired()) {
            text.append("metadata.retired=true\n");
        }
        if (!identity.contacts().isEmpty()) {
            text.append("metadata.contacts=")
                    .append(contacts(identity.contacts()))
                    .append('\n');
        }
        String checksum = checksum(text.toString());
        text.append(CHECKSUM).append(checksum).append('\n');
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * @throws IllegalArgumentException saying what is wrong with the bytes
     */
    static Identity decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int last = text.lastIndexOf(CHECKSUM);
        if (last < 0 || !text.substring(last).equals(CHECKSUM + checksum(text.substring(0, last)) + "\n")) {
            throw new IllegalArgumentException("its checksum is missing or wrong");
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : text.substring(0, last).split("\n")) {
            int equals = line.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("line '" + line + "' is not of the form key=value");
            }
            values.put(line.substring(0, equals), line.substring(equals + 1));
        }
        String version = required(values, "format.version");
        if (!version.equals(VERSION)) {
            throw new IllegalArgumentException(
                    "its format.version is " + version + ", and this release knows " + VERSION + " only");
        }
        return new Identity(
                Integer.parseInt(required(values, "node.id")),
                required(values, "directory.id"),
                membership(values),
                "true".equals(values.get("metadata.started")),
                "true".equals(values.get("metadata.retired")),
                parseContacts(values.get("metadata.contacts")));
    }

    private static Optional<Membership> membership(Map<String, String> values) {
        String clusterId = values.get("cluster.id");
        return clusterId == null
                ? Optional.empty()
                : Optional.of(new Membership(clusterId, parseVoters(required(values, "metadata.voters"))));
    }

    private static String required(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("it lacks " + key);
        }
        return value;
    }

    private static String voters(List<Peer> voters) {
        return voters.stream()
                .map(voter -> voter.id() + "@" + new HostPort(voter.host(), voter.port()))
                .collect(Collectors.joining(","));
    }

    private static List<Peer> parseVoters(String text) {
        List<Peer> voters = new ArrayList<>();
        for (String voter : text.split(",", -1)) {
            int at = voter.indexOf('@');
            if (at < 0) {
                throw new IllegalArgumentException("metadata.voters holds '" + voter + "'");
            }
            HostPort address = HostPort.parse(voter.substring(at + 1));
            voters.add(new Peer(new PeerId(voter.substring(0, at)), address.host(), address.port()));
        }
        return voters;
    }

    private static String contacts(List<VoterContact> contacts) {
        return contacts.stream()
                .map(contact -> contact.brokerId() + "@" + contact.grpc())
                .collect(Collectors.joining(","));
    }

    private static List<VoterContact> parseContacts(@Nullable String text) {
        List<VoterContact> contacts = new ArrayList<>();
        for (String contact : text == null ? new String[0] : text.split(",", -1)) {
            int at = contact.indexOf('@');
            if (at < 0) {
                throw new IllegalArgumentException("metadata.contacts holds '" + contact + "'");
            }
            contacts.add(new VoterContact(
                    Integer.parseInt(contact.substring(0, at)), HostPort.parse(contact.substring(at + 1))));
        }
        return contacts;
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }
}

package io.flotilla.broker.config;

import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.tls.TlsFiles;
import io.flotilla.raftlog.raft.tls.TlsFiles.Part;
import io.flotilla.raftlog.raft.tls.TlsIdentity;
import io.flotilla.raftlog.raft.tls.UnusableTlsFile;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The settings of TLS between brokers. All of them are set, or none. */
public final class RaftTls {
    private RaftTls() {}

    /** Checks all that can be checked before the broker knows its cluster. */
    static Optional<TlsFiles> of(Settings settings, RaftSettings.Transport.Kind transport) {
        Map<Part, Path> given = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            settings.parsed(keyOf(part), text -> text.isEmpty() ? Optional.<Path>empty() : Optional.of(Path.of(text)))
                    .ifPresent(path -> given.put(part, path.toAbsolutePath()));
        }
        if (given.isEmpty()) {
            return Optional.empty();
        }
        if (transport != RaftSettings.Transport.Kind.NETTY) {
            throw settings.wrong(
                    BrokerKeys.RAFT_TRANSPORT,
                    "it has no TLS, which raft.tls.* asks for; choose netty, or remove raft.tls.*");
        }
        return Optional.of(checked(
                settings,
                new TlsFiles(
                        required(settings, given, Part.CERTIFICATE),
                        required(settings, given, Part.KEY),
                        required(settings, given, Part.AUTHORITIES))));
    }

    private static Path required(Settings settings, Map<Part, Path> given, Part part) {
        Path path = given.get(part);
        if (path == null) {
            String other = keyOf(given.keySet().iterator().next()).name();
            throw settings.wrong(keyOf(part), "it must be set too, since " + other + " is; set all raft.tls.* or none");
        }
        return path;
    }

    private static TlsFiles checked(Settings settings, TlsFiles files) {
        try {
            TlsIdentity unused = TlsIdentity.load(files);
            return files;
        } catch (UnusableTlsFile unusable) {
            throw settings.wrong(keyOf(unusable.part()), String.valueOf(unusable.getMessage()));
        }
    }

    private static ConfigKey keyOf(Part part) {
        return switch (part) {
            case CERTIFICATE -> BrokerKeys.RAFT_TLS_CERTIFICATE;
            case KEY -> BrokerKeys.RAFT_TLS_KEY;
            case AUTHORITIES -> BrokerKeys.RAFT_TLS_CA;
        };
    }

    /** The setting at fault, its value and the remedy, for what showed only once the broker knew its cluster. */
    public static String complaint(TlsFiles files, UnusableTlsFile unusable) {
        return keyOf(unusable.part()).name() + " = '" + files.of(unusable.part()) + "': " + unusable.getMessage();
    }
}

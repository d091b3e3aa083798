package io.flotilla.raftlog.raft.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Signs certificates of hosts, good ones and others. */
public final class TestAuthority {
    private static final Duration DAYS = Duration.ofDays(2);

    private final X509Bundle root;

    public TestAuthority(String name) {
        this.root = made(() -> builder(name).setIsCertificateAuthority(true).buildSelfSigned());
    }

    private static CertificateBuilder builder(String subject) {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=" + subject)
                .notBefore(Instant.now().minus(DAYS))
                .notAfter(Instant.now().plus(DAYS));
    }

    private interface Making {
        X509Bundle make() throws Exception;
    }

    private static X509Bundle made(Making making) {
        try {
            return making.make();
        } catch (Exception failure) { // as the builder declares
            throw new IllegalStateException(failure);
        }
    }

    X509Bundle root() {
        return root;
    }

    /** For a host of this name. */
    public X509Bundle sign(String name) {
        return sign(name, UnaryOperator.identity());
    }

    public X509Bundle sign(String name, UnaryOperator<CertificateBuilder> change) {
        return made(() -> change.apply(builder("host").addSanUriName(name)).buildIssuedBy(root));
    }

    /** For a host of this name, whose time was over yesterday. */
    public X509Bundle signExpired(String name) {
        return sign(name, builder -> builder.notAfter(Instant.now().minus(Duration.ofDays(1))));
    }

    /** What a host has that trusts this authority, whoever has signed for itself. */
    public TlsIdentity identity(X509Bundle own) {
        return new TlsIdentity(
                own.getKeyPair().getPrivate(), List.of(own.getCertificate()), List.of(root.getCertificate()));
    }

    /** The same in new files of a folder. */
    public TlsFiles files(Path folder, X509Bundle own) throws IOException {
        Files.createDirectories(folder);
        return new TlsFiles(
                Files.writeString(folder.resolve("broker.pem"), own.getCertificatePEM()),
                Files.writeString(folder.resolve("broker.key"), own.getPrivateKeyPEM()),
                Files.writeString(folder.resolve("ca.pem"), root.getCertificatePEM()));
    }
}

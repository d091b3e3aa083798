package io.flotilla.raftlog.raft.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raftlog.raft.tls.TlsFiles.Part;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsIdentityTest {
    private static final String NAME = PeerCertificate.nameOf("prod", "1-a");

    private final TestAuthority authority = new TestAuthority("ca");
    private final Path folder;

    TlsIdentityTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @EnumSource(
            value = CertificateBuilder.Algorithm.class,
            names = {"ecp256", "ecp384", "rsa2048", "ed25519"})
    void shouldLoadKeysOfAllKinds(CertificateBuilder.Algorithm kind) throws IOException {
        X509Bundle own = authority.sign(NAME, builder -> builder.algorithm(kind));

        TlsIdentity identity = TlsIdentity.load(authority.files(folder, own));

        assertThat(identity.chain()).containsExactly(own.getCertificate());
        assertThat(identity.authorities()).containsExactly(authority.root().getCertificate());
        identity.requireName(NAME);
    }

    @Test
    void shouldTakeSeveralAuthorities() throws IOException {
        TestAuthority next = new TestAuthority("next");
        TlsFiles files = authority.files(folder, next.sign(NAME));
        Files.writeString(
                files.authorities(),
                authority.root().getCertificatePEM() + "\n# the next\n"
                        + next.root().getCertificatePEM());

        assertThat(TlsIdentity.load(files).authorities()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseAMissingFile(Part part) throws IOException {
        TlsFiles files = authority.files(folder, authority.sign(NAME));

        Files.delete(files.of(part));

        assertRefused(files, part, "there is no such file; correct the path");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseAFileThatCannotBeRead(Part part) throws IOException {
        TlsFiles files = authority.files(folder, authority.sign(NAME));

        Files.delete(files.of(part));
        Files.createDirectory(files.of(part));

        assertRefused(files, part, "cannot be read", "permissions");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseWhatIsNotPem(Part part) throws IOException {
        TlsFiles files = authority.files(folder, authority.sign(NAME));

        Files.write(files.of(part), new byte[] {0x30, (byte) 0x82, 0, (byte) 0xFF});

        assertRefused(files, part, "PEM form", "openssl");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseADamagedFile(Part part) throws IOException {
        TlsFiles files = authority.files(folder, authority.sign(NAME));
        String whole = Files.readString(files.of(part));

        Files.writeString(files.of(part), whole.replaceFirst("M[A-Za-z0-9]{8}", ""));

        assertRefused(files, part, "damaged");
    }

    @Test
    void shouldRefuseAnotherFormOfKey() throws IOException {
        TlsFiles files = authority.files(folder, authority.sign(NAME));

        Files.writeString(files.key(), Files.readString(files.key()).replace("PRIVATE KEY", "EC PRIVATE KEY"));

        assertRefused(files, Part.KEY, "openssl pkcs8 -topk8 -nocrypt");
    }

    @Test
    void shouldRefuseTheKeyOfAnother() throws IOException {
        TlsFiles files = authority.files(folder, authority.sign(NAME));

        Files.writeString(files.key(), authority.sign(NAME).getPrivateKeyPEM());

        assertRefused(files, Part.KEY, "not the key of the certificate in " + files.certificate());
    }

    @Test
    void shouldRefuseAnExpiredCertificate() throws IOException {
        assertRefused(authority.files(folder, authority.signExpired(NAME)), Part.CERTIFICATE, "CN=host", "renew");
    }

    @Test
    void shouldRefuseACertificateOfTheFuture() throws IOException {
        X509Bundle early =
                authority.sign(NAME, builder -> builder.notBefore(Instant.now().plus(Duration.ofDays(1))));

        assertRefused(authority.files(folder, early), Part.CERTIFICATE, "valid from", "clock");
    }

    @Test
    void shouldRefuseACertificateOfAnotherAuthority() throws IOException {
        X509Bundle other = new TestAuthority("other").sign(NAME);

        assertRefused(authority.files(folder, other), Part.CERTIFICATE, "peers would not trust it", "CN=ca");
    }

    @Test
    void shouldRefuseACertificateForServersOnly() throws IOException {
        X509Bundle server = authority.sign(NAME, CertificateBuilder::addExtendedKeyUsageServerAuth);

        assertRefused(authority.files(folder, server), Part.CERTIFICATE, "for TLS servers and TLS clients");
    }

    @Test
    void shouldRefuseACertificateThatDoesNotNameTheHost() {
        TlsIdentity identity = authority.identity(authority.sign(PeerCertificate.nameOf("prod", "2-b")));

        assertThatThrownBy(() -> identity.requireName(NAME))
                .isInstanceOf(UnusableTlsFile.class)
                .hasMessageContaining("it names [flotilla://prod/broker/2-b]")
                .hasMessageEndingWith("subjectAltName=URI:" + NAME);
    }

    private static void assertRefused(TlsFiles files, Part part, String... words) {
        assertThatThrownBy(() -> TlsIdentity.load(files))
                .isInstanceOfSatisfying(UnusableTlsFile.class, failure -> assertThat(failure.part())
                        .isEqualTo(part))
                .hasMessageContainingAll(words);
    }
}

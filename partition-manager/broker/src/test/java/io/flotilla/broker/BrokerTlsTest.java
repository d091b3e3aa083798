package io.flotilla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flotilla.broker.config.BrokerConfig;
import io.flotilla.broker.config.ConfigException;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CERTIFICATE = "raft.tls.certificate.file";
    private static final String KEY = "raft.tls.key.file";
    private static final String CA = "raft.tls.ca.file";

    private final Path folder;
    private final X509Bundle authority;
    private final Map<String, String> settings = new HashMap<>();

    BrokerTlsTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
        this.authority =
                builder().subject("CN=ca").setIsCertificateAuthority(true).buildSelfSigned();
    }

    private static CertificateBuilder builder() {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=broker")
                .notBefore(Instant.now().minus(Duration.ofDays(2)))
                .notAfter(Instant.now().plus(Duration.ofDays(2)));
    }

    @BeforeEach
    void oneBroker() throws Exception {
        try (ServerSocket grpc = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket internal = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + grpc.getLocalPort();
            settings.putAll(Map.of(
                    "node.id",
                    "1",
                    "data.dir",
                    folder.resolve("data").toString(),
                    "listeners",
                    "GRPC://" + address + ",INTERNAL://127.0.0.1:" + internal.getLocalPort(),
                    "cluster.seeds",
                    "1@" + address));
        }
        give(builder().addSanUriName("flotilla://none/broker/1-none"));
    }

    private void give(CertificateBuilder own) throws Exception {
        X509Bundle signed = own.buildIssuedBy(authority);
        give(CERTIFICATE, signed.getCertificatePEM());
        give(KEY, signed.getPrivateKeyPEM());
        give(CA, authority.getCertificatePEM());
    }

    private void give(String setting, String content) throws IOException {
        settings.put(
                setting, Files.writeString(folder.resolve(setting), content).toString());
    }

    /** The names are known once the cluster is. */
    @Test
    void shouldTellTheNameThatItsCertificateMustHaveAndStartWithThat() throws Exception {
        Throwable refusal;
        try (Broker broker = Broker.start(BrokerConfig.of(settings))) {
            refusal = catchThrowable(() -> broker.awaitReady(PATIENCE));
        }
        assertThat(refusal)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(CERTIFICATE + " = '" + settings.get(CERTIFICATE) + "': it names")
                .hasMessageContaining("flotilla://none/broker/1-none");
        String message = String.valueOf(refusal.getMessage());
        String name = message.substring(message.lastIndexOf("flotilla://"));

        give(builder().addSanUriName(name));

        try (Broker broker = Broker.start(BrokerConfig.of(settings))) {
            broker.awaitReady(PATIENCE);
        }
    }

    @Test
    void shouldWantAllFilesOrNone() {
        for (String missing : List.of(CERTIFICATE, KEY, CA)) {
            Map<String, String> some = new HashMap<>(settings);
            some.remove(missing);

            assertRefused(some, missing + " = ''", "set all raft.tls.* or none");
        }
        settings.keySet().removeAll(List.of(CERTIFICATE, KEY, CA));
        assertThat(BrokerConfig.of(settings).raftTls()).isEmpty();
    }

    @Test
    void shouldRefuseTlsOverTheTransportThatHasNone() {
        settings.put("raft.transport", "grpc");

        assertRefused(settings, "raft.transport = 'grpc'", "raft.tls.*", "choose netty");
    }

    @Test
    void shouldNameTheSettingWhoseFileIsMissing() throws IOException {
        Files.delete(folder.resolve(KEY));

        assertRefused(settings, KEY + " = '" + folder.resolve(KEY) + "' (--set)", "there is no such file");
    }

    @Test
    void shouldNameTheSettingWhoseFileIsNotPem() throws IOException {
        give(CA, "nothing");

        assertRefused(settings, CA, "PEM form");
    }

    @Test
    void shouldNameTheSettingWhoseCertificateHasExpired() throws Exception {
        give(builder().notAfter(Instant.now().minus(Duration.ofDays(1))));

        assertRefused(settings, CERTIFICATE, "is valid from", "renew it");
    }

    private static void assertRefused(Map<String, String> settings, String... words) {
        assertThatThrownBy(() -> BrokerConfig.of(settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(words);
    }
}

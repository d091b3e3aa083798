package io.flotilla.raftlog.raft.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerCertificateTest {
    private final TestAuthority authority = new TestAuthority("ca");

    @Test
    void shouldNameABrokerByRealmAndPeerId() {
        assertThat(PeerCertificate.nameOf("prod", "1-af09")).isEqualTo("flotilla://prod/broker/1-af09");
    }

    /** Ids of clusters are of the URL's kind of Base64, which is more than a host's name may hold. */
    @ParameterizedTest
    @ValueSource(strings = {"prod", "-Ab_9-", "123", "a_b", "AbCdEfGhIjKlMnOpQrStUv"})
    void shouldReadTheNameOfEveryRealmUnchanged(String realm) {
        String name = PeerCertificate.nameOf(realm, "1-af09");

        assertThat(PeerCertificate.namesIn(authority.sign(name).getCertificate()))
                .containsExactly(name);
    }

    @Test
    void shouldReadNamesOfTypeUriOnly() throws Exception {
        var certificate = authority
                .sign("flotilla://prod/broker/1-a", builder -> builder.addSanDnsName("broker-1")
                        .addSanUriName(URI.create("flotilla://prod/broker/2-b")))
                .getCertificate();

        assertThat(PeerCertificate.namesIn(certificate))
                .containsExactly("flotilla://prod/broker/1-a", "flotilla://prod/broker/2-b");
    }

    @Test
    void shouldFindNoNameWhereThereIsNone() {
        assertThat(PeerCertificate.namesIn(authority.root().getCertificate())).isEmpty();
    }
}

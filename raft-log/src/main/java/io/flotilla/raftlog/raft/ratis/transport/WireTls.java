package io.flotilla.raftlog.raft.ratis.transport;

import io.flotilla.raftlog.raft.tls.PeerCertificate;
import io.flotilla.raftlog.raft.tls.TlsFiles;
import io.flotilla.raftlog.raft.tls.TlsIdentity;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;

/**
 * TLS on a wire: both sides show a certificate that one of their authorities has signed, and it must name the server that
 * they say they are. Host names are not looked at, since a server may be dialed under several.
 *
 * <p>Threading: safe for all threads.
 */
final class WireTls {
    private static final String PROTOCOL = "TLSv1.3";

    /** The farewell of TLS waits no longer for a peer that takes no bytes; the end of a connection must be noticed. */
    private static final long FAREWELL_MILLIS_MAX = 100;

    private final SslContext dialing;
    private final SslContext accepting;

    private WireTls(SslContext dialing, SslContext accepting) {
        this.dialing = dialing;
        this.accepting = accepting;
    }

    /**
     * Reads a server's files.
     *
     * @throws io.flotilla.raftlog.raft.tls.UnusableTlsFile if peers would not take this server by them for {@code self}
     */
    static WireTls open(TlsFiles files, String realm, RaftPeerId self) throws IOException {
        TlsIdentity identity = TlsIdentity.load(files);
        identity.requireName(PeerCertificate.nameOf(realm, self.toString()));
        return of(identity);
    }

    static WireTls of(TlsIdentity identity) throws SSLException {
        X509Certificate[] chain = identity.chain().toArray(X509Certificate[]::new);
        SslContext dialing = SslContextBuilder.forClient()
                .keyManager(identity.key(), chain)
                .trustManager(identity.authorities())
                .sslProvider(SslProvider.JDK)
                .protocols(PROTOCOL)
                .endpointIdentificationAlgorithm(null)
                .build();
        SslContext accepting = SslContextBuilder.forServer(identity.key(), chain)
                .trustManager(identity.authorities())
                .clientAuth(ClientAuth.REQUIRE)
                .sslProvider(SslProvider.JDK)
                .protocols(PROTOCOL)
                .build();
        return new WireTls(dialing, accepting);
    }

    /**
     * Puts TLS before whatever the channel gets next.
     *
     * @param dialed             who was dialed; null if the channel was accepted
     * @param handshakeMillisMax after which an unfinished handshake ends the channel
     */
    void protect(Channel channel, @Nullable RaftPeerId dialed, Refusals refusals, long handshakeMillisMax) {
        SslHandler tls = (dialed == null ? accepting : dialing).newHandler(channel.alloc());
        tls.setHandshakeTimeoutMillis(handshakeMillisMax);
        tls.setCloseNotifyFlushTimeoutMillis(FAREWELL_MILLIS_MAX);
        channel.pipeline().addLast(tls, new Handshake(refusals, dialed));
    }

    /**
     * Makes sure that the other side of a channel is who it claims to be.
     *
     * @throws BadFrame if its certificate names only others
     */
    static void requireName(Channel channel, String realm, RaftPeerId claimed) throws BadFrame {
        String name = PeerCertificate.nameOf(realm, claimed.toString());
        List<String> names = PeerCertificate.namesIn(certificate(channel));
        if (!names.contains(name)) {
            throw new BadFrame(
                    Refusals.Reason.WRONG_CERTIFICATE, "its certificate names " + names + ", it claims to be " + name);
        }
    }

    private static X509Certificate certificate(Channel channel) throws BadFrame {
        try {
            Certificate[] shown = channel.pipeline()
                    .get(SslHandler.class)
                    .engine()
                    .getSession()
                    .getPeerCertificates();
            return (X509Certificate) shown[0];
        } catch (SSLPeerUnverifiedException none) {
            throw new BadFrame(Refusals.Reason.WRONG_CERTIFICATE, "it showed no certificate", none);
        }
    }
}

package io.flotilla.raftlog.raft.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

/**
 * Who a certificate speaks for. A host's certificate has a subjectAltName of type URI, {@code
 * flotilla://<realm>/broker/<peer id>}, compared byte by byte; it may have others beside it. Host names and the subject
 * count for nothing.
 */
public final class PeerCertificate {
    /** The type of a URI among alternative names: RFC 5280, section 4.2.1.6. */
    private static final int URI_NAME = 6;

    private PeerCertificate() {}

    public static String nameOf(String realm, String peerId) {
        return "flotilla://" + realm + "/broker/" + peerId;
    }

    /** The names of type URI; none if they cannot be read. */
    public static List<String> namesIn(X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
        return names == null
                ? List.of()
                : names.stream()
                        .filter(name -> name.get(0).equals(URI_NAME))
                        .map(name -> String.valueOf(name.get(1)))
                        .toList();
    }
}

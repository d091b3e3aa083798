package io.flotilla.raftlog.raft.tls;

import io.flotilla.raftlog.raft.tls.TlsFiles.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A host's own certificate and key, and the authorities whose word it takes for others.
 *
 * @param chain       the host's own certificate first
 * @param authorities at least one
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> authorities) {
    /** Kinds of keys with a way to sign by them. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    public TlsIdentity {
        chain = List.copyOf(chain);
        authorities = List.copyOf(authorities);
    }

    /**
     * Reads the files and makes sure that peers with the same authorities would take them today.
     *
     * @throws UnusableTlsFile if one is missing, not of the form that {@link TlsFiles} says, out of its time, or does not
     *                         fit the others
     */
    public static TlsIdentity load(TlsFiles files) throws UnusableTlsFile {
        List<X509Certificate> authorities = certificates(Part.AUTHORITIES, files);
        List<X509Certificate> chain = certificates(Part.CERTIFICATE, files);
        PrivateKey key = key(files, chain.get(0).getPublicKey());
        TlsIdentity identity = new TlsIdentity(key, chain, authorities);
        identity.requireTrusted();
        return identity;
    }

    private static List<X509Certificate> certificates(Part part, TlsFiles files) throws UnusableTlsFile {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (byte[] encoded : Pem.blocks("CERTIFICATE", read(part, files.of(part)))) {
                certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(encoded)));
            }
        } catch (CertificateException | IllegalArgumentException damaged) {
            throw new UnusableTlsFile(
                    part, "a certificate in it is damaged (" + damaged.getMessage() + "); copy it anew", damaged);
        }
        if (certificates.isEmpty()) {
            throw new UnusableTlsFile(
                    part,
                    "it holds no certificate in PEM form, '-----BEGIN CERTIFICATE-----'; convert it with"
                            + " openssl x509 -inform DER",
                    null);
        }
        for (X509Certificate certificate : certificates) {
            requireInItsTime(part, certificate);
        }
        return certificates;
    }

    private static String read(Part part, Path file) throws UnusableTlsFile {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1); // takes any bytes
        } catch (NoSuchFileException missing) {
            throw new UnusableTlsFile(part, "there is no such file; correct the path", missing);
        } catch (IOException unreadable) {
            throw new UnusableTlsFile(
                    part, "it cannot be read (" + unreadable + "); check the path and its permissions", unreadable);
        }
    }

    private static void requireInItsTime(Part part, X509Certificate certificate) throws UnusableTlsFile {
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException | CertificateNotYetValidException outOfTime) {
            throw new UnusableTlsFile(
                    part,
                    "the certificate of " + certificate.getSubjectX500Principal() + " is valid from "
                            + certificate.getNotBefore().toInstant() + " to "
                            + certificate.getNotAfter().toInstant() + ", now it is " + Instant.now()
                            + "; renew it, or correct this machine's clock",
                    outOfTime);
        }
    }

    private static PrivateKey key(TlsFiles files, PublicKey of) throws UnusableTlsFile {
        String text = read(Part.KEY, files.key());
        List<byte[]> found;
        try {
            found = Pem.blocks("PRIVATE KEY", text);
        } catch (IllegalArgumentException notBase64) {
            throw notTheKey(files, notBase64);
        }
        if (found.size() != 1) {
            throw new UnusableTlsFile(
                    Part.KEY,
                    "it holds " + found.size()
                            + " keys in PEM form, '-----BEGIN PRIVATE KEY-----', in place of 1; convert"
                            + " a key of another form with openssl pkcs8 -topk8 -nocrypt",
                    null);
        }
        String signature = SIGNATURES.get(of.getAlgorithm());
        if (signature == null) {
            throw new UnusableTlsFile(
                    Part.CERTIFICATE, "its key is of kind " + of.getAlgorithm() + "; take RSA, EC or Ed25519", null);
        }
        try {
            PrivateKey key =
                    KeyFactory.getInstance(of.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(found.get(0)));
            if (belongTogether(key, of, signature)) {
                return key;
            }
        } catch (GeneralSecurityException notOfThatKind) {
            throw notTheKey(files, notOfThatKind);
        }
        throw notTheKey(files, null);
    }

    private static boolean belongTogether(PrivateKey key, PublicKey other, String algorithm)
            throws GeneralSecurityException {
        byte[] anything = {1};
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(anything);
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(other);
        verifier.update(anything);
        return verifier.verify(signer.sign());
    }

    private static UnusableTlsFile notTheKey(TlsFiles files, @Nullable Throwable cause) {
        return new UnusableTlsFile(
                Part.KEY,
                "it is damaged or not the key of the certificate in " + files.certificate()
                        + "; give the key with which that one was requested",
                cause);
    }

    /** What a peer would find out at the first connection, told while somebody looks. */
    private void requireTrusted() throws UnusableTlsFile {
        X509Certificate[] shown = chain.toArray(X509Certificate[]::new);
        try {
            X509TrustManager trust = trustManager();
            // The words of the TLS 1.3 provider for "any kind of key".
            trust.checkServerTrusted(shown, "UNKNOWN");
            trust.checkClientTrusted(shown, "UNKNOWN");
        } catch (CertificateException untrusted) {
            throw new UnusableTlsFile(
                    Part.CERTIFICATE,
                    "peers would not trust it (" + untrusted.getMessage() + "); have it signed by "
                            + authorities.get(0).getSubjectX500Principal()
                            + ", the authority given, for TLS servers and TLS clients",
                    untrusted);
        }
    }

    private X509TrustManager trustManager() {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry(Integer.toString(i), authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager found) {
                    return found;
                }
            }
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException("every Java platform checks certificates", failure);
        }
        throw new IllegalStateException("every Java platform checks certificates");
    }

    /**
     * Makes sure that the certificate speaks for the host itself.
     *
     * @param name of {@link PeerCertificate#nameOf}
     * @throws UnusableTlsFile if it speaks for others only
     */
    public void requireName(String name) throws UnusableTlsFile {
        List<String> names = PeerCertificate.namesIn(chain.get(0));
        if (!names.contains(name)) {
            throw new UnusableTlsFile(
                    Part.CERTIFICATE,
                    "it names " + names + ", this broker is " + name + "; have one signed with subjectAltName=URI:"
                            + name,
                    null);
        }
    }
}

package io.flotilla.benchmarks;

import java.util.Random;

/** What is sent: bytes that no codec can shorten, so that MB/s means bytes moved. */
final class Payload {
    private static final long SEED = 1;

    private Payload() {}

    static byte[] ofBytes(int bytes) {
        byte[] payload = new byte[bytes];
        new Random(SEED).nextBytes(payload);
        return payload;
    }
}

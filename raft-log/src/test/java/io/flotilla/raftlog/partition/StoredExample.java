package io.flotilla.raftlog.partition;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes as a release once stored them, kept in hexadecimal beside the tests. */
public final class StoredExample {
    private StoredExample() {}

    static ByteBuffer read(String name) throws IOException {
        return read(StoredExample.class, name);
    }

    /** Reads one that lies beside a class of another package. */
    public static ByteBuffer read(Class<?> beside, String name) throws IOException {
        try (InputStream stored = beside.getResourceAsStream(name)) {
            if (stored == null) {
                throw new IOException("no stored example " + name);
            }
            String hex = new String(stored.readAllBytes(), StandardCharsets.US_ASCII);
            return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
        }
    }
}

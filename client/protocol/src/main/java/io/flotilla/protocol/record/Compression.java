package io.flotilla.protocol.record;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.util.Locale;
import java.util.Map;

/** How the records of a batch are compressed, as a whole; numbered as in the batch's attributes. */
public enum Compression {
    NONE(0),
    GZIP(1),
    SNAPPY(2),
    LZ4(3),
    ZSTD(4);

    private static final Compression[] BY_ID = values();

    private final int id;

    Compression(int id) {
        this.id = id;
    }

    /** Number in bits 0 to 2 of a batch's attributes. */
    public int id() {
        return id;
    }

    /**
     * @param id number from a batch's attributes
     * @throws Refused UNSUPPORTED_COMPRESSION if no codec has this number
     */
    public static Compression ofId(int id) {
        if (id < 0 || id >= BY_ID.length) {
            throw unsupported("codec id " + id + " is unknown, use one of 0 to 4", Integer.toString(id));
        }
        return BY_ID[id];
    }

    /**
     * @param name a constant's name in any case: {@code none}, {@code gzip}, {@code snappy}, {@code lz4}, {@code zstd}
     * @throws Refused UNSUPPORTED_COMPRESSION if no codec has this name
     */
    public static Compression ofName(String name) {
        for (Compression compression : BY_ID) {
            if (compression.toString().equals(name.toLowerCase(Locale.ROOT))) {
                return compression;
            }
        }
        throw unsupported("codec " + name + " is unknown, use one of none, gzip, snappy, lz4, zstd", name);
    }

    /** The name under which settings and messages know the codec, in lower case. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static Refused unsupported(String message, String codec) {
        return new Refused(ErrorCode.UNSUPPORTED_COMPRESSION, message, Map.of("codec", codec));
    }
}

package io.flotilla.chaos.fault.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** What a stranger says on a port for gRPC, which is HTTP/2. */
enum Nonsense {
    /** Nothing at all. */
    SILENCE {
        @Override
        void send(OutputStream out, SplittableRandom random) {
            // Whoever waits for the first byte waits for long.
        }
    },
    /** Any bytes. */
    RANDOM {
        @Override
        void send(OutputStream out, SplittableRandom random) throws IOException {
            byte[] bytes = new byte[random.nextInt(1, 4096)];
            random.nextBytes(bytes);
            out.write(bytes);
        }
    },
    /** A request of HTTP/1.1. */
    WEB {
        @Override
        void send(OutputStream out, SplittableRandom random) throws IOException {
            out.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    },
    /** The preface and settings, and then no more: neither reads nor answers. */
    SLEEPER {
        @Override
        void send(OutputStream out, SplittableRandom random) throws IOException {
            out.write(PREFACE);
            out.write(frame(0, SETTINGS, 0, 0));
        }
    },
    /** A frame that says it has 16 MiB, and the first byte of it. */
    OVERSIZE {
        @Override
        void send(OutputStream out, SplittableRandom random) throws IOException {
            out.write(PREFACE);
            out.write(frame(0, SETTINGS, 0, 0));
            out.write(frame((1 << 24) - 1, HEADERS, 4, 1));
            out.write(0);
        }
    },
    /** Headers that do not decode. */
    BAD_HEADERS {
        @Override
        void send(OutputStream out, SplittableRandom random) throws IOException {
            out.write(PREFACE);
            out.write(frame(0, SETTINGS, 0, 0));
            byte[] block = new byte[64];
            Arrays.fill(block, (byte) 0xff);
            out.write(frame(block.length, HEADERS, 4, 1));
            out.write(block);
        }
    },
    /** Pings, one right after the other, whose answers nobody reads. */
    PINGS {
        @Override
        void send(OutputStream out, SplittableRandom random) throws IOException {
            out.write(PREFACE);
            out.write(frame(0, SETTINGS, 0, 0));
            for (int i = 0; i < PINGS_EACH; i++) {
                out.write(frame(PING_BYTES, PING, 0, 0));
                out.write(new byte[PING_BYTES]);
            }
        }
    },
    /** A stream that is ended before it has begun. */
    ABORTS {
        @Override
        void send(OutputStream out, SplittableRandom random) throws IOException {
            out.write(PREFACE);
            out.write(frame(0, SETTINGS, 0, 0));
            for (int stream = 1; stream < 2 * PINGS_EACH; stream += 2) {
                out.write(frame(Integer.BYTES, RST_STREAM, 0, stream));
                out.write(new byte[Integer.BYTES]);
            }
        }
    };

    private static final String ALL = "all";
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int PING_BYTES = 8;
    private static final int PINGS_EACH = 100;

    abstract void send(OutputStream out, SplittableRandom random) throws IOException;

    /** The head of a frame, RFC 9113, section 4.1. */
    private static byte[] frame(int length, int type, int flags, int stream) {
        return ByteBuffer.allocate(9)
                .put((byte) (length >> 16))
                .put((byte) (length >> 8))
                .put((byte) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .array();
    }

    /** What a parameter can say. */
    static String[] words() {
        return Stream.concat(Stream.of(ALL), Arrays.stream(values()).map(kind -> kind.name()
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-')))
                .toArray(String[]::new);
    }

    static List<Nonsense> named(String word) {
        return word.equals(ALL)
                ? List.of(values())
                : List.of(valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_')));
    }
}

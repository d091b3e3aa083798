package io.flotilla.raftlog.raft.ratis.transport;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Spoils bytes in ways that parsers trip over. */
final class Spoiler {
    private static final int RANDOM_BYTES_MAX = 300;
    private static final int[] ODD_NUMBERS = {
        0, 1, -1, 127, 128, 255, 256, 65535, 65536, 1 << 20, 1 << 24, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xF1070105
    };

    private final SplittableRandom random;
    private final List<byte[]> corpus;

    Spoiler(SplittableRandom random, List<byte[]> corpus) {
        this.random = random;
        this.corpus = corpus;
    }

    /** A frame that is valid, spoilt in one to three ways, or nothing but chance. */
    byte[] next() {
        int way = random.nextInt(20);
        if (way == 0) {
            return any();
        }
        if (way == 1) {
            byte[] bytes = new byte[random.nextInt(1, RANDOM_BYTES_MAX)];
            random.nextBytes(bytes);
            return bytes;
        }
        byte[] bytes = any();
        int times = random.nextInt(1, 4);
        for (int i = 0; i < times; i++) {
            bytes = spoil(bytes);
        }
        return bytes;
    }

    private byte[] any() {
        return corpus.get(random.nextInt(corpus.size())).clone();
    }

    private byte[] spoil(byte[] bytes) {
        if (bytes.length == 0) {
            return any();
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(9)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2 -> putInt(bytes, at, ODD_NUMBERS[random.nextInt(ODD_NUMBERS.length)]);
            // The header's length, where a lie costs most.
            case 3 -> putInt(bytes, 4, random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(2 * bytes.length));
            // Its code: another kind's content, or none of ours.
            case 4 ->
                bytes[Math.min(3, bytes.length - 1)] =
                        (byte) (random.nextBoolean() ? random.nextInt(16) : random.nextInt(256));
            case 5 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 6 -> {
                byte[] other = any();
                return joined(Arrays.copyOf(bytes, at), other);
            }
            case 7 -> {
                // Some of it twice.
                byte[] rest = Arrays.copyOfRange(bytes, random.nextInt(bytes.length), bytes.length);
                return joined(Arrays.copyOf(bytes, at), rest);
            }
            default -> Arrays.fill(bytes, at, random.nextInt(at, bytes.length + 1), (byte) random.nextInt(256));
        }
        return bytes;
    }

    private static void putInt(byte[] bytes, int at, int value) {
        if (bytes.length >= Integer.BYTES) {
            ByteBuffer.wrap(bytes).putInt(Math.min(at, bytes.length - Integer.BYTES), value);
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}

package io.flotilla.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.SnappyOutputStream;

/** Compressed forms that no Java client writes, but the format allows and clients in other languages may send. */
class ForeignFramingTest {
    private static final int MAX_BYTES = 64 * 1024 * 1024;

    @ParameterizedTest
    @EnumSource(BLOCKSIZE.class)
    void shouldReadLz4FramesOfEveryBlockSizeAndFeature(BLOCKSIZE blockSize) throws IOException {
        byte[] plain = halfNoise(5 * 1024 * 1024);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (OutputStream lz4 = new LZ4FrameOutputStream(
                output,
                blockSize,
                plain.length,
                FLG.Bits.BLOCK_INDEPENDENCE,
                FLG.Bits.CONTENT_SIZE,
                FLG.Bits.BLOCK_CHECKSUM,
                FLG.Bits.CONTENT_CHECKSUM)) {
            lz4.write(plain);
        }

        assertThat(inflated(Compression.LZ4, output)).isEqualTo(plain);
    }

    @Test
    void shouldReadSnappyStreamsOneAfterAnother() throws IOException {
        byte[] plain = halfNoise(100_000);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        for (int from = 0; from < plain.length; from += 25_000) {
            try (OutputStream snappy = new SnappyOutputStream(output, 8 * 1024)) {
                snappy.write(plain, from, 25_000);
            }
        }

        assertThat(inflated(Compression.SNAPPY, output)).isEqualTo(plain);
    }

    @Test
    void shouldReadGzipMembersOneAfterAnother() throws IOException {
        byte[] plain = halfNoise(100_000);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        for (int from = 0; from < plain.length; from += 25_000) {
            try (OutputStream gzip = new GZIPOutputStream(output)) {
                gzip.write(plain, from, 25_000);
            }
        }

        assertThat(inflated(Compression.GZIP, output)).isEqualTo(plain);
    }

    private static byte[] inflated(Compression compression, ByteArrayOutputStream compressed) {
        ByteBuffer stored = ByteBuffer.wrap(compressed.toByteArray());
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (RecordsInput input = RecordsInput.open(compression, stored, MAX_BYTES)) {
            while (!input.atEnd()) {
                plain.write(input.readByte());
            }
        }
        return plain.toByteArray();
    }

    /** Bytes of which the first half does not compress, so that LZ4 stores some blocks and packs others. */
    private static byte[] halfNoise(int length) {
        byte[] bytes = new byte[length];
        byte[] noise = new byte[length / 2];
        new Random(3).nextBytes(noise);
        System.arraycopy(noise, 0, bytes, 0, noise.length);
        Arrays.fill(bytes, noise.length, bytes.length, (byte) 'x');
        return bytes;
    }
}

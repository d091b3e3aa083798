package io.flotilla.chaos.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Many streams of pairs of longs in one temporary file, which is gone when this is closed: each stream has a buffer, and
 * full buffers are appended to the file as they come. So thousands of streams need no thousands of files.
 */
final class Spill implements AutoCloseable {
    private static final int PAIR_BYTES = 16;
    private static final int BLOCK_BYTES = 1_024 * PAIR_BYTES;

    /** Takes the pairs of a stream, in the order they were added. */
    interface Pairs {
        void accept(long first, long second);
    }

    private final FileChannel channel;
    private final ByteBuffer reading = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private long size;

    private Spill(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws UncheckedIOException if no file can be made in the folder */
    static Spill open(Path directory) {
        try {
            Path file = Files.createTempFile(directory, "flotilla-judge", ".spill");
            return new Spill(FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
        } catch (IOException failure) {
            throw new UncheckedIOException("the judge needs a file in " + directory, failure);
        }
    }

    Stream stream() {
        return new Stream();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot close the judge's temporary file", failure);
        }
    }

    /** One sequence of pairs. */
    final class Stream {
        private ByteBuffer buffer = ByteBuffer.allocate(PAIR_BYTES);
        private long[] blocks = new long[4];
        private int blockCount;

        void add(long first, long second) {
            if (!buffer.hasRemaining()) {
                makeRoom();
            }
            buffer.putLong(first).putLong(second);
        }

        void forEach(Pairs pairs) {
            for (int i = 0; i < blockCount; i++) {
                readBlock(blocks[i]);
                while (reading.hasRemaining()) {
                    pairs.accept(reading.getLong(), reading.getLong());
                }
            }
            ByteBuffer rest = buffer.duplicate().flip();
            while (rest.hasRemaining()) {
                pairs.accept(rest.getLong(), rest.getLong());
            }
        }

        private void makeRoom() {
            if (buffer.capacity() < BLOCK_BYTES) { // most streams of a small history never fill one block
                buffer = ByteBuffer.allocate(Math.min(BLOCK_BYTES, 4 * buffer.capacity()))
                        .put(buffer.flip());
                return;
            }
            if (blockCount == blocks.length) {
                blocks = Arrays.copyOf(blocks, 2 * blockCount);
            }
            blocks[blockCount++] = size;
            buffer.flip();
            try {
                while (buffer.hasRemaining()) {
                    size += channel.write(buffer, size);
                }
            } catch (IOException failure) {
                throw new UncheckedIOException("the judge cannot write its temporary file", failure);
            }
            buffer.clear();
        }

        private void readBlock(long position) {
            reading.clear();
            try {
                while (reading.hasRemaining()) {
                    int count = channel.read(reading, position + reading.position());
                    if (count < 0) {
                        throw new IllegalStateException("the judge's temporary file was cut at " + position);
                    }
                }
            } catch (IOException failure) {
                throw new UncheckedIOException("the judge cannot read its temporary file", failure);
            }
            reading.flip();
        }
    }
}

package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedInputStream;

/**
 * Reads a file of Ratis's log as far as it holds whole entries, as Ratis itself does: {@code RaftLog1}, then for each
 * entry its length as a varint, its bytes, and a CRC-32C of both. Behind the last entry there may be anything.
 */
final class LogFileReader {
    private static final byte[] HEADER = {'R', 'a', 'f', 't', 'L', 'o', 'g', '1'};
    private static final int LENGTH_BYTES_MAX = 5;
    private static final int CRC_BYTES = 4;
    private static final int TERM_TAG = 1 << 3;
    private static final int INDEX_TAG = 2 << 3;

    /** Sees each entry with a good checksum. */
    interface Visitor {
        /**
         * @param bytes   the entry is {@code length} of them, from {@code offset} on
         * @param foreign whether it was proposed to another group
         * @return whether to read on
         */
        boolean entry(long term, long index, byte[] bytes, int offset, int length, boolean foreign) throws IOException;
    }

    private LogFileReader() {}

    static void read(GroupId group, Path file, int entryBytesMax, Visitor visitor) throws IOException {
        read(group, Files.readAllBytes(file), entryBytesMax, visitor);
    }

    /** Returns the place in the file at which it stopped. */
    static int read(GroupId group, byte[] bytes, int entryBytesMax, Visitor visitor) throws IOException {
        if (!hasHeader(bytes)) {
            return 0;
        }
        int at = HEADER.length;
        while (at < bytes.length && bytes[at] != 0) {
            int end = endOfEntry(bytes, at, entryBytesMax);
            int lengthBytes = lengthBytes(bytes, at);
            if (end < 0 || !visit(group, visitor, bytes, at + lengthBytes, end - CRC_BYTES - at - lengthBytes)) {
                return at;
            }
            at = end;
        }
        return at;
    }

    /** The first place from one on at which an entry with a good checksum begins; -1 if there is none. */
    static int nextEntry(byte[] bytes, int from, int entryBytesMax) {
        for (int at = from; at < bytes.length; at++) {
            int lengthBytes = bytes[at] == 0 ? 0 : lengthBytes(bytes, at);
            boolean mayBegin =
                    lengthBytes > 0 && at + lengthBytes < bytes.length && bytes[at + lengthBytes] == TERM_TAG;
            if (mayBegin && endOfEntry(bytes, at, entryBytesMax) > 0) {
                return at;
            }
        }
        return -1;
    }

    /** Where the next entry begins if a whole one with a good checksum is here; -1 if none is. */
    private static int endOfEntry(byte[] bytes, int at, int entryBytesMax) {
        int lengthBytes = lengthBytes(bytes, at);
        long length = lengthBytes == 0 ? -1 : length(bytes, at, lengthBytes);
        long end = at + lengthBytes + length;
        if (length < 0 || length > entryBytesMax || end + CRC_BYTES > bytes.length) {
            return -1;
        }
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, at, (int) (end - at));
        return (int) checksum.getValue() == intAt(bytes, (int) end) ? (int) end + CRC_BYTES : -1;
    }

    private static boolean hasHeader(byte[] bytes) {
        for (int i = 0; i < HEADER.length; i++) {
            if (bytes.length <= i || bytes[i] != HEADER[i]) {
                return false;
            }
        }
        return true;
    }

    /** 0 if no varint of a length ends within its limit. */
    private static int lengthBytes(byte[] bytes, int at) {
        for (int i = 0; i < LENGTH_BYTES_MAX && at + i < bytes.length; i++) {
            if (bytes[at + i] >= 0) {
                return i + 1;
            }
        }
        return 0;
    }

    private static long length(byte[] bytes, int at, int count) {
        long length = 0;
        for (int i = 0; i < count; i++) {
            length |= (long) (bytes[at + i] & 0x7f) << (7 * i);
        }
        return length;
    }

    private static int intAt(byte[] bytes, int at) {
        return bytes[at] << 24 | (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | (bytes[at + 3] & 0xff);
    }

    private static boolean visit(GroupId group, Visitor visitor, byte[] bytes, int offset, int length)
            throws IOException {
        CodedInputStream entry = CodedInputStream.newInstance(bytes, offset, length);
        long term = 0;
        long index = 0;
        // Both come first, in this order; a zero is left out.
        int tag = entry.readTag();
        if (tag == TERM_TAG) {
            term = entry.readUInt64();
            tag = entry.readTag();
        }
        if (tag == INDEX_TAG) {
            index = entry.readUInt64();
        }
        boolean foreign = tag == INDEX_TAG && EntryOwner.isForeign(group, entry);
        return visitor.entry(term, index, bytes, offset, length, foreign);
    }
}

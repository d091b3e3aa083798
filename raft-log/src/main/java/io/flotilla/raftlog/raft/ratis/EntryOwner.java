package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedInputStream;

/**
 * Marks every proposed entry with its group, so that a log that came into the folder of another group is found. Ratis keeps
 * the id of the client that proposed an entry in the entry; so a group's proposals carry an id whose first half follows
 * from the group, as a UUID of version 8, and whose second half is its proposer's. Entries with other ids, and those of
 * Ratis itself, belong to nobody.
 */
final class EntryOwner {
    private static final int STATE_MACHINE_ENTRY = 3;
    private static final int CLIENT_ID = 14;
    private static final int TAG_TYPE_BITS = 3;
    private static final int UUID_BYTES = 16;

    private static final long VERSION_MASK = 0xF000L;
    private static final long VERSION_8 = 0x8000L;

    /** Constants of the finalizer of MurmurHash3 (Austin Appleby, public domain), which spreads 64 bits over 64. */
    private static final long MIX_1 = 0xff51afd7ed558ccdL;

    private static final long MIX_2 = 0xc4ceb9fe1a85ec53L;
    private static final int MIX_SHIFT = 33;

    private EntryOwner() {}

    /**
     * The id under which a group's entries are proposed.
     *
     * @param proposer tells this process from all others, and from its own earlier lives
     */
    static ClientId clientId(UUID group, long proposer) {
        return ClientId.valueOf(new UUID(mark(group), proposer));
    }

    private static long mark(UUID group) {
        long mixed = mix(mix(group.getMostSignificantBits()) ^ group.getLeastSignificantBits());
        return (mixed & ~VERSION_MASK) | VERSION_8;
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> MIX_SHIFT)) * MIX_1;
        mixed = (mixed ^ (mixed >>> MIX_SHIFT)) * MIX_2;
        return mixed ^ (mixed >>> MIX_SHIFT);
    }

    /**
     * Whether an entry was proposed to another group.
     *
     * @param entry the bytes of one entry, positioned behind its index
     */
    static boolean isForeign(GroupId group, CodedInputStream entry) throws IOException {
        if (!find(entry, STATE_MACHINE_ENTRY)) {
            return false;
        }
        entry.pushLimit(entry.readRawVarint32());
        if (!find(entry, CLIENT_ID)) {
            return false;
        }
        ByteString client = entry.readBytes();
        if (client.size() != UUID_BYTES) {
            return false;
        }
        ByteBuffer id = client.asReadOnlyByteBuffer();
        long mark = id.getLong();
        return (mark & VERSION_MASK) == VERSION_8 && mark != mark(group.value());
    }

    /** Goes on to a field's value. */
    private static boolean find(CodedInputStream in, int field) throws IOException {
        int tag = in.readTag();
        while (tag != 0 && tag >>> TAG_TYPE_BITS != field) {
            in.skipField(tag);
            tag = in.readTag();
        }
        return tag != 0;
    }
}

package io.flotilla.metadata.group;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All consumer groups. Immutable; each change makes a new table that shares what stayed the same, so that any thread may
 * read one while the next is made. Encoded form: {@code group.proto}.
 */
public final class Groups {
    /** A change copies one of so many parts. */
    private static final int PARTS = 256;

    public static final Groups NONE = new Groups(Collections.nCopies(PARTS, Map.of()), 0, 0);

    private final List<Map<String, GroupEntry>> parts;
    private final int size;
    private final long bytes;

    private Groups(List<Map<String, GroupEntry>> parts, int size, long bytes) {
        this.parts = parts;
        this.size = size;
        this.bytes = bytes;
    }

    public Optional<GroupEntry> group(String name) {
        return Optional.ofNullable(parts.get(partOf(name)).get(name));
    }

    /** By name. */
    public List<GroupEntry> all() {
        List<GroupEntry> all = new ArrayList<>(size);
        parts.forEach(part -> all.addAll(part.values()));
        all.sort(Comparator.comparing(GroupEntry::name));
        return all;
    }

    public int size() {
        return size;
    }

    /** About what they take, see {@link GroupLimits#BYTES_MAX}. */
    public long bytes() {
        return bytes;
    }

    /** With this group in place of any other of its name. */
    public Groups with(GroupEntry entry) {
        Map<String, GroupEntry> changed = new HashMap<>(parts.get(partOf(entry.name())));
        GroupEntry before = changed.put(entry.name(), entry);
        return with(entry.name(), changed, before == null ? 1 : 0, entry.bytes() - bytesOf(before));
    }

    public Groups without(String name) {
        Map<String, GroupEntry> changed = new HashMap<>(parts.get(partOf(name)));
        GroupEntry before = changed.remove(name);
        return before == null ? this : with(name, changed, -1, -before.bytes());
    }

    private Groups with(String name, Map<String, GroupEntry> part, int more, long moreBytes) {
        List<Map<String, GroupEntry>> changed = new ArrayList<>(parts);
        changed.set(partOf(name), part);
        return new Groups(changed, size + more, bytes + moreBytes);
    }

    private static long bytesOf(@Nullable GroupEntry entry) {
        return entry == null ? 0 : entry.bytes();
    }

    private static int partOf(String name) {
        return Math.floorMod(name.hashCode(), PARTS);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Groups groups && parts.equals(groups.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    @Override
    public String toString() {
        return size + " consumer groups";
    }
}

package io.flotilla.metadata.store;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Topics' ids by index: many partitions of few topics, whose ids take 16 bytes each. */
record TopicTable(List<UUID> ids) {
    static TopicTable of(List<ByteString> bytes) {
        return new TopicTable(bytes.stream().map(ImageFormat::uuidOf).toList());
    }

    /**
     * @throws IllegalArgumentException if there is no such index
     */
    UUID at(int index) {
        if (index < 0 || index >= ids.size()) {
            throw new IllegalArgumentException("topic index " + index + " is outside the table of " + ids.size());
        }
        return ids.get(index);
    }

    /** A table that grows as ids come. */
    static final class Writing {
        private final Map<UUID, Integer> indexes = new HashMap<>();
        private final List<ByteString> table = new ArrayList<>();

        int indexOf(UUID id) {
            return indexes.computeIfAbsent(id, added -> {
                table.add(ImageFormat.bytesOf(added));
                return table.size() - 1;
            });
        }

        List<ByteString> table() {
            return table;
        }
    }
}

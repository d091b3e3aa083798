package io.flotilla.simulation.disk;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What a name on the disk stands for: as it is now, and as much of it as is durable. */
abstract sealed class Node {
    private final int id;

    private Node(int id) {
        this.id = id;
    }

    /** Unique on its disk. */
    int id() {
        return id;
    }

    /** A file. */
    static final class File extends Node {
        private final FileContent current;
        private FileContent durable;
        private int syncs;

        /** A file whose content is durable. */
        File(int id, FileContent content) {
            super(id);
            this.current = content;
            this.durable = content.copy();
        }

        FileContent current() {
            return current;
        }

        FileContent durable() {
            return durable;
        }

        /** Times the content was synced, so that equal numbers mean equal durable content. */
        int syncs() {
            return syncs;
        }

        void sync() {
            durable = current.copy();
            syncs++;
        }
    }

    /** A folder; names in ascending order, so that every walk repeats. */
    static final class Folder extends Node {
        private final TreeMap<String, Node> current;
        private TreeMap<String, Node> durable;
        private int syncs;

        /** A folder whose entries are durable. */
        Folder(int id, Map<String, Node> entries) {
            super(id);
            this.current = new TreeMap<>(entries);
            this.durable = new TreeMap<>(entries);
        }

        NavigableMap<String, Node> current() {
            return current;
        }

        NavigableMap<String, Node> durable() {
            return Collections.unmodifiableNavigableMap(durable);
        }

        int syncs() {
            return syncs;
        }

        void sync() {
            durable = new TreeMap<>(current);
            syncs++;
        }
    }
}

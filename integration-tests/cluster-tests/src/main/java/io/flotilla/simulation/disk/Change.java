package io.flotilla.simulation.disk;

import java.util.Map;

/** A change of the disk that no sync has made durable yet. */
sealed interface Change {
    /** Position among all changes of the disk. */
    int number();

    /** The file or folder whose sync makes it durable. */
    Node node();

    /** A change of what a folder holds. */
    sealed interface OfFolder extends Change {
        void applyTo(Map<String, Node> entries);
    }

    /** A change of what a file holds. */
    sealed interface OfFile extends Change {
        void applyTo(FileContent content);
    }

    /** A file or folder got its first name. */
    record Create(int number, Node.Folder node, String name, Node created) implements OfFolder {
        @Override
        public void applyTo(Map<String, Node> entries) {
            entries.put(name, created);
        }

        @Override
        public String toString() {
            return "create " + name;
        }
    }

    /** A name went. */
    record Delete(int number, Node.Folder node, String name) implements OfFolder {
        @Override
        public void applyTo(Map<String, Node> entries) {
            entries.remove(name);
        }

        @Override
        public String toString() {
            return "delete " + name;
        }
    }

    /** One name took the place of another in the same folder, at once. */
    record Rename(int number, Node.Folder node, String from, String to, Node renamed) implements OfFolder {
        @Override
        public void applyTo(Map<String, Node> entries) {
            entries.remove(from);
            entries.put(to, renamed);
        }

        @Override
        public String toString() {
            return "rename " + from + " to " + to;
        }
    }

    /** Bytes were written. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Write(int number, Node.File node, String name, int position, byte[] bytes) implements OfFile {
        @Override
        public void applyTo(FileContent content) {
            content.write(position, bytes, bytes.length);
        }

        /** The write as far as the power lasted. */
        void applyTo(FileContent content, Tear tear) {
            if (tear.sized() && content.size() < position + bytes.length) {
                int from = Math.max(content.size(), position);
                content.write(from, new byte[position + bytes.length - from], position + bytes.length - from);
            }
            if (tear.to() > tear.from()) {
                byte[] arrived = new byte[tear.to() - tear.from()];
                System.arraycopy(bytes, tear.from(), arrived, 0, arrived.length);
                content.write(position + tear.from(), arrived, arrived.length);
            }
        }

        @Override
        public String toString() {
            return "write " + name + " [" + position + ", " + (position + bytes.length) + ")";
        }
    }

    /** A file was cut. */
    record Truncate(int number, Node.File node, String name, int size) implements OfFile {
        @Override
        public void applyTo(FileContent content) {
            content.truncate(size);
        }

        @Override
        public String toString() {
            return "truncate " + name + " to " + size;
        }
    }
}

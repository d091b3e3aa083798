package io.flotilla.metadata.store;

import io.flotilla.raftlog.raft.PeerId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The peer ids of a message, each once: a partition then names its replicas by small numbers. */
record PeerTable(List<PeerId> peers) {
    static PeerTable of(List<String> values) {
        return new PeerTable(values.stream().map(PeerId::new).toList());
    }

    PeerId at(int index) {
        if (index < 0 || index >= peers.size()) {
            throw new IllegalArgumentException(
                    "replica " + index + " is not in the table of " + peers.size() + " peers");
        }
        return peers.get(index);
    }

    List<PeerId> allAt(List<Integer> indexes) {
        return indexes.stream().map(this::at).toList();
    }

    /** The table while a message is written: peers get numbers in the order in which they come. */
    static final class Writing {
        private final Map<PeerId, Integer> indexes = new LinkedHashMap<>();

        int indexOf(PeerId peer) {
            return indexes.computeIfAbsent(peer, added -> indexes.size());
        }

        List<Integer> indexesOf(List<PeerId> all) {
            return all.stream().map(this::indexOf).toList();
        }

        List<String> table() {
            return indexes.keySet().stream().map(PeerId::value).toList();
        }
    }
}

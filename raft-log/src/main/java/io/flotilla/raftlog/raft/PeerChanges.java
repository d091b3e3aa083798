package io.flotilla.raftlog.raft;

import java.io.IOException;

/**
 * Has the leader of a group, wherever it is, take this process's peer out of the group or make it a voter again. Both
 * may be called again without harm, and whoever calls them does so until they succeed.
 */
public interface PeerChanges {
    /** For hosts that know no other broker: every change is refused. */
    PeerChanges NONE = new PeerChanges() {
        @Override
        public void remove(GroupId group) throws IOException {
            throw new IOException("no other broker is known that could change the peers of group " + group);
        }

        @Override
        public void add(GroupId group) throws IOException {
            remove(group);
        }
    };

    /**
     * Takes this peer out. When it returns, a configuration without the peer is committed: whatever the peer voted or
     * acknowledged before counts no more.
     *
     * @throws IOException if no leader is there or it did not succeed in time
     */
    void remove(GroupId group) throws IOException;

    /**
     * Makes this peer a voter again. When it returns, a configuration with the peer is committed, and the peer has all
     * that was committed before.
     *
     * @throws IOException if no leader is there or it did not succeed in time, for instance since the peer is still
     *     catching up
     */
    void add(GroupId group) throws IOException;
}

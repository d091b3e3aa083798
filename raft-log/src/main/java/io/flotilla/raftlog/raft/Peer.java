package io.flotilla.raftlog.raft;

/**
 * A member of a group and where its Raft port listens.
 *
 * @param port 1 to 65535
 */
public record Peer(PeerId id, String host, int port) {}

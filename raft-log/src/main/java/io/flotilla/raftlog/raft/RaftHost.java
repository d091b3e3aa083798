package io.flotilla.raftlog.raft;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** This process's member of all its groups: one port, one folder. */
public interface RaftHost extends AutoCloseable {
    PeerId self();

    /**
     * Opens the port, then recovers every group whose files are in the folder. The factory given at construction makes
     * the state of each; a group it does not know is moved to quarantine with a loud log line. A group that cannot be
     * trusted, or whose state fails to open, stays closed without keeping the others down: {@link #create} then tells
     * why.
     *
     * @throws IOException if the port is taken or the folder cannot be used
     */
    void start() throws IOException;

    /**
     * Joins a group that is being made: every first member calls this with the same peers. A group that is open
     * already is returned as it is.
     *
     * @throws IOException if the group cannot be opened, or was not at start; the message tells why and what to do
     */
    ReplicatedGroup create(GroupId id, List<Peer> peers) throws IOException;

    Optional<ReplicatedGroup> group(GroupId id);

    /** Stops the member and deletes its Raft files; the state's own files are its owner's to delete afterwards. */
    void remove(GroupId id) throws IOException;

    /**
     * Stops the member, with a last checkpoint if its state can be trusted, and keeps its files: until {@link #resume} it
     * neither votes nor takes entries. One that is not open is no error.
     */
    void suspend(GroupId id) throws IOException;

    /**
     * Opens a group again that was suspended, or whose state was damaged at start, from its files; one that is open is returned as it is.
     *
     * @throws IOException if it has no files here or they cannot be trusted; the message tells why and what to do
     */
    ReplicatedGroup resume(GroupId id) throws IOException;

    /**
     * Opens the member of a group anew that was refused as a {@link DamagedMember} or has lost its files. It remembers
     * no log, vote or peers: until the group's leader makes it a voter again it neither votes nor stands for election.
     * Its state opens with what it had durable and goes on from there; the files that were there go to
     * {@code <directory>/../quarantine/raft}.
     *
     * <p>Only to be called once {@link PeerChanges#remove} has succeeded. If the process ends before {@link #rejoined},
     * the next start refuses the group as a {@link DamagedMember} again.
     *
     * @throws IOException if the folder cannot be written or the state does not open
     */
    ReplicatedGroup rejoin(GroupId id) throws IOException;

    /** Tells that the member is a voter again: from now on its files are to be trusted at a start. */
    void rejoined(GroupId id) throws IOException;

    /**
     * Reads the closed files of a group's log, and stops its member if one of them is damaged: its
     * {@link ReplicatedState#failed} then gets the same {@link DamagedMember}. Takes as long as reading them takes, beside
     * all else. A group that is not open is no error.
     *
     * @throws DamagedMember if a file is damaged
     * @throws IOException   if one cannot be read
     */
    default void verifyLog(GroupId id) throws IOException {}

    /**
     * Founds a group with this member alone out of all that its member of another group has, committed or not: the other
     * group has lost its majority for good. Its state applies the rest of that member's log, and the new group's log
     * begins behind it. That member is never opened again; its files go to {@code <directory>/../quarantine/raft} once
     * the new ones are durable. After a failure, or a crash, the call is repeated; {@link #resume} opens the new group.
     *
     * @param lost    suspended before, and known to the factory no more
     * @param heir    under which the factory makes the state
     * @param termMin the new group's leaders have higher terms
     * @throws IOException if files cannot be read or written, or the state does not open
     */
    void inherit(GroupId lost, GroupId heir, long termMin) throws IOException;

    /**
     * Stops the member for good and puts its Raft files into {@code <directory>/../quarantine/raft}. One that is not here
     * is no error.
     */
    void retire(GroupId id) throws IOException;

    /** Why a group that has files here was not opened at start; empty for others. */
    default Optional<IOException> refusal(GroupId id) {
        return Optional.empty();
    }

    /**
     * Index of the first entry in the log of a group that is not open, 0 if it has none.
     *
     * @throws IOException if the folder cannot be read
     */
    default long logStart(GroupId id) throws IOException {
        return 0;
    }

    /** Stops every member, each with a last checkpoint. May be called twice. */
    @Override
    void close() throws IOException;
}

package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Refuses to start a member whose file of term and vote cannot be what it was. Ratis writes it without a checksum and
 * takes an older term for the truth. It does not sync the folder either: after a loss of power the file may be an older
 * one, which is refused too, since this member then voted and does not know for whom.
 *
 * <p>A member has a term written down before it appends an entry of that term, so its log never knows a newer one.
 */
final class VoteGuard {
    private VoteGuard() {}

    /**
     * @param folder the group's folder
     * @param guard  what the member knew to have written down
     * @return the term that is written down
     * @throws DamagedMember if the file does not hold it
     */
    static long check(GroupId group, Path folder, Optional<MemberGuard> guard) throws IOException {
        Path file = GroupFolders.metaFile(folder);
        VoteFile vote = VoteFile.read(file)
                .orElseThrow(() -> refusal(group, file, "is missing or is damaged: it holds no term or no vote"));
        if (guard.isPresent()) {
            long term = guard.get().term();
            String votedFor = guard.get().votedFor();
            if (vote.term() < term) {
                throw refusal(group, file, "is of term " + vote.term() + ", but the member was in term " + term);
            }
            if (vote.term() == term && !votedFor.isEmpty() && !votedFor.equals(vote.votedFor())) {
                throw refusal(
                        group,
                        file,
                        "tells of a vote for '" + vote.votedFor() + "' in term " + term + ", but the member voted for "
                                + votedFor);
            }
        }
        return vote.term();
    }

    /**
     * @param term       what {@link #check} answered
     * @param newestTerm newest term of which the member's log or its state has an entry, 0 for none
     */
    static void checkAgainstLog(GroupId group, Path folder, long term, long newestTerm) throws DamagedMember {
        if (term < newestTerm) {
            throw refusal(
                    group,
                    GroupFolders.metaFile(folder),
                    "is of term " + term + ", but its log has entries of term " + newestTerm);
        }
    }

    private static DamagedMember refusal(GroupId group, Path file, String found) {
        return new DamagedMember("the vote of group " + group + " is not what it was: " + file + " " + found
                + ". This member stays closed, since it could vote twice");
    }
}

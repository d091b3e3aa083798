package io.flotilla.protocol.error;

import java.util.Map;
import java.util.Optional;

/** The replica asked does not lead its partition, so it did nothing; the leader is named where it is known. */
public final class NotLeader extends LogException {
    private static final long serialVersionUID = 1L;

    private final int leaderEpoch;
    private final int leaderBrokerId;

    /**
     * @param leaderEpoch    highest leader epoch the replica knows of
     * @param leaderBrokerId the leader's broker id, empty while none is known
     */
    public NotLeader(String message, int leaderEpoch, Optional<Integer> leaderBrokerId) {
        super(ErrorCode.NOT_LEADER, message, Map.of("leader_epoch", Integer.toString(leaderEpoch)), null);
        this.leaderEpoch = leaderEpoch;
        this.leaderBrokerId = leaderBrokerId.orElse(-1);
    }

    public int leaderEpoch() {
        return leaderEpoch;
    }

    public Optional<Integer> leaderBrokerId() {
        return leaderBrokerId < 0 ? Optional.empty() : Optional.of(leaderBrokerId);
    }
}

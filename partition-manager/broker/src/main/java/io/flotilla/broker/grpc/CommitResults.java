package io.flotilla.broker.grpc;

import io.flotilla.metadata.group.GroupLimits;
import io.flotilla.metadata.group.GroupResult.CommitAnswer;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.CommitOffsetsRequest;
import io.flotilla.protocol.v1.CommitOffsetsResponse;
import io.flotilla.protocol.v1.OffsetCommitResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of the offsets of one commit, some of which were refused before it was proposed.
 *
 * <p>Threading: none; filled before the commit is proposed, read after.
 */
final class CommitResults {
    private final CommitOffsetsRequest request;
    private final ErrorAnswers errors;
    private final List<Integer> sent = new ArrayList<>();
    private final Map<Integer, LogException> refused = new HashMap<>();

    CommitResults(CommitOffsetsRequest request, ErrorAnswers errors) {
        this.request = request;
        this.errors = errors;
    }

    /** The offset of this index is the next of those that are proposed. */
    void sent(int index) {
        sent.add(index);
    }

    void refused(int index, LogException why) {
        refused.put(index, why);
    }

    /** @throws Refused if nothing was committed for a reason that all offsets share */
    CommitOffsetsResponse response(CommitAnswer answer) {
        if (answer.refusal().isPresent()) {
            throw new Refused(
                    answer.refusal().get(), message(answer.refusal().get()), Map.of("group", request.getGroup()));
        }
        for (int fenced : answer.fenced()) {
            refused.put(
                    sent.get(fenced),
                    new Refused(
                            ErrorCode.FENCED_MEMBER_EPOCH,
                            "member '" + request.getMemberId() + "' at epoch " + request.getMemberEpoch()
                                    + " does not hold the partition, or has not held it since then; another member"
                                    + " goes on from what is committed",
                            Map.of("member_epoch", Integer.toString(request.getMemberEpoch()))));
        }
        CommitOffsetsResponse.Builder response = CommitOffsetsResponse.newBuilder();
        for (int i = 0; i < request.getOffsetsCount(); i++) {
            OffsetCommitResult.Builder result = OffsetCommitResult.newBuilder()
                    .setPartition(request.getOffsets(i).getPartition());
            LogException why = refused.get(i);
            if (why != null) {
                result.setError(
                        errors.status(why, Payloads.name(request.getOffsets(i).getPartition())));
            }
            response.addResults(result);
        }
        return response.build();
    }

    private String message(ErrorCode code) {
        String group = "group '" + request.getGroup() + "'";
        return switch (code) {
            case UNKNOWN_MEMBER ->
                "'" + request.getMemberId() + "' is no member of " + group
                        + " (any more): stop reading, and join again under a new member id";
            case GROUP_NOT_EMPTY ->
                group + " has members, and only they may commit for it; name the member, or stop them first";
            case OFFSET_METADATA_TOO_LARGE ->
                "metadata of an offset is longer than " + GroupLimits.METADATA_BYTES_MAX + " bytes; shorten it";
            case CONFLICT ->
                "there is no room for more consumer groups and offsets; delete groups, or commit shorter metadata";
            default ->
                "the name of " + group + " must have 1 to " + GroupLimits.NAME_LENGTH_MAX
                        + " characters, none of them a control character";
        };
    }
}

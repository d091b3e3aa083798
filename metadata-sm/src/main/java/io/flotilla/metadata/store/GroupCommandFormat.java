package io.flotilla.metadata.store;

import io.flotilla.metadata.group.CommittedOffset;
import io.flotilla.metadata.group.GroupCommand;
import io.flotilla.metadata.group.GroupResult;
import io.flotilla.metadata.v1.AcknowledgeCommand;
import io.flotilla.metadata.v1.CommitAnswerState;
import io.flotilla.metadata.v1.CommitOffsetsCommand;
import io.flotilla.metadata.v1.CommitState;
import io.flotilla.metadata.v1.CommittedOffsetState;
import io.flotilla.metadata.v1.DeleteGroupCommand;
import io.flotilla.metadata.v1.DeleteOffsetsCommand;
import io.flotilla.metadata.v1.ExpireGroupsCommand;
import io.flotilla.metadata.v1.FollowTopicsCommand;
import io.flotilla.metadata.v1.GroupsChangedResult;
import io.flotilla.metadata.v1.GroupsCommand;
import io.flotilla.metadata.v1.GroupsResult;
import io.flotilla.metadata.v1.JoinGroupCommand;
import io.flotilla.metadata.v1.LeaveGroupCommand;
import io.flotilla.metadata.v1.OffsetsCommittedResult;
import io.flotilla.metadata.v1.OffsetsResetResult;
import io.flotilla.metadata.v1.ResetOffsetsCommand;
import io.flotilla.metadata.v1.SubscribeCommand;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.raftlog.partition.PartitionId;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Changes of consumer groups and what became of them, as {@code group.proto} has them. */
final class GroupCommandFormat {
    private GroupCommandFormat() {}

    static GroupsCommand messageOf(GroupCommand command) {
        return command.match(new Encoding(GroupsCommand.newBuilder())).build();
    }

    /**
     * @throws IOException if it is of a kind that this version does not know
     */
    static GroupCommand commandOf(GroupsCommand message) throws IOException {
        return switch (message.getChangeCase()) {
            case JOIN -> {
                JoinGroupCommand join = message.getJoin();
                yield new GroupCommand.Join(
                        join.getGroup(),
                        GroupFormat.infoOf(join.getMember()),
                        new TreeSet<>(join.getTopicsList()),
                        join.getReturning(),
                        join.getAtMillis());
            }
            case SUBSCRIBE -> {
                SubscribeCommand subscribe = message.getSubscribe();
                yield new GroupCommand.Subscribe(
                        subscribe.getGroup(),
                        subscribe.getMemberId(),
                        new TreeSet<>(subscribe.getTopicsList()),
                        subscribe.getAtMillis());
            }
            case ACKNOWLEDGE -> {
                AcknowledgeCommand acknowledge = message.getAcknowledge();
                yield new GroupCommand.Acknowledge(
                        acknowledge.getGroup(), acknowledge.getMemberId(), acknowledge.getVersion());
            }
            case LEAVE -> {
                LeaveGroupCommand leave = message.getLeave();
                yield new GroupCommand.Leave(
                        leave.getGroup(),
                        leave.getMemberId(),
                        leave.getKeepPlace(),
                        leave.getReason(),
                        leave.getAtMillis());
            }
            case FOLLOW_TOPICS ->
                new GroupCommand.FollowTopics(message.getFollowTopics().getAtMillis());
            case COMMIT_OFFSETS -> commitsOf(message.getCommitOffsets());
            case RESET_OFFSETS -> {
                ResetOffsetsCommand reset = message.getResetOffsets();
                TopicTable topics = TopicTable.of(reset.getTopicIdsList());
                Map<PartitionId, Long> offsets = new HashMap<>();
                reset.getOffsetsList()
                        .forEach(offset -> offsets.put(GroupFormat.partitionOf(offset, topics), offset.getOffset()));
                yield GroupCommand.ResetOffsets.of(reset.getGroup(), offsets, reset.getAtMillis());
            }
            case DELETE_GROUP ->
                new GroupCommand.DeleteGroup(message.getDeleteGroup().getGroup());
            case DELETE_OFFSETS -> {
                DeleteOffsetsCommand delete = message.getDeleteOffsets();
                yield new GroupCommand.DeleteOffsets(
                        delete.getGroup(),
                        GroupFormat.partitionsOf(delete.getPartitionsList(), TopicTable.of(delete.getTopicIdsList())));
            }
            case EXPIRE ->
                new GroupCommand.Expire(
                        message.getExpire().getGroupsList(), message.getExpire().getIdleSinceMillis());
            case CHANGE_NOT_SET ->
                throw new IOException(
                        "a change of consumer groups is of a kind this broker does not know: run a newer broker");
        };
    }

    private static GroupCommand commitsOf(CommitOffsetsCommand message) {
        TopicTable topics = TopicTable.of(message.getTopicIdsList());
        return new GroupCommand.CommitOffsets(
                message.getCommitsList().stream()
                        .map(commit -> commitOf(commit, topics))
                        .toList(),
                message.getAtMillis());
    }

    private static GroupCommand.Commit commitOf(CommitState message, TopicTable topics) {
        return new GroupCommand.Commit(
                message.getGroup(),
                message.hasMemberId()
                        ? Optional.of(new GroupCommand.Committer(message.getMemberId(), message.getMemberEpoch()))
                        : Optional.empty(),
                message.getPositionsList().stream()
                        .map(position -> new GroupCommand.Position(
                                GroupFormat.partitionOf(position, topics),
                                position.getOffset(),
                                position.getLeaderEpochPlusOne() - 1,
                                position.getMetadata()))
                        .toList());
    }

    static GroupsResult messageOf(GroupResult result) {
        if (result instanceof GroupResult.Changed changed) {
            return GroupsResult.newBuilder()
                    .setChanged(GroupsChangedResult.newBuilder()
                            .setRebalances(changed.rebalances())
                            .setRemoved(changed.removed()))
                    .build();
        }
        if (result instanceof GroupResult.Committed committed) {
            OffsetsCommittedResult.Builder answers = OffsetsCommittedResult.newBuilder();
            committed
                    .answers()
                    .forEach(answer -> answers.addAnswers(CommitAnswerState.newBuilder()
                            .setRefusal(answer.refusal().map(ErrorCode::number).orElse(0))
                            .addAllFenced(answer.fenced())));
            return GroupsResult.newBuilder().setCommitted(answers).build();
        }
        GroupResult.Reset reset = (GroupResult.Reset) result;
        return GroupsResult.newBuilder()
                .setReset(OffsetsResetResult.newBuilder().addAllBefore(reset.before()))
                .build();
    }

    /**
     * @throws IOException if it is of a kind that this version does not know
     */
    static GroupResult resultOf(GroupsResult message) throws IOException {
        return switch (message.getResultCase()) {
            case CHANGED ->
                new GroupResult.Changed(
                        message.getChanged().getRebalances(),
                        message.getChanged().getRemoved());
            case COMMITTED ->
                new GroupResult.Committed(message.getCommitted().getAnswersList().stream()
                        .map(answer -> new GroupResult.CommitAnswer(
                                answer.getRefusal() == 0
                                        ? Optional.empty()
                                        : Optional.of(ErrorCode.ofNumber(answer.getRefusal())),
                                answer.getFencedList()))
                        .toList());
            case RESET -> new GroupResult.Reset(message.getReset().getBeforeList());
            case RESULT_NOT_SET ->
                throw new IOException("an answer of consumer groups is of a kind this broker does not know");
        };
    }

    private record Encoding(GroupsCommand.Builder message) implements GroupCommand.Cases<GroupsCommand.Builder> {
        @Override
        public GroupsCommand.Builder join(GroupCommand.Join command) {
            return message.setJoin(JoinGroupCommand.newBuilder()
                    .setGroup(command.group())
                    .setMember(GroupFormat.messageOf(command.member()))
                    .addAllTopics(command.topics())
                    .setReturning(command.returning())
                    .setAtMillis(command.atMillis()));
        }

        @Override
        public GroupsCommand.Builder subscribe(GroupCommand.Subscribe command) {
            return message.setSubscribe(SubscribeCommand.newBuilder()
                    .setGroup(command.group())
                    .setMemberId(command.memberId())
                    .addAllTopics(command.topics())
                    .setAtMillis(command.atMillis()));
        }

        @Override
        public GroupsCommand.Builder acknowledge(GroupCommand.Acknowledge command) {
            return message.setAcknowledge(AcknowledgeCommand.newBuilder()
                    .setGroup(command.group())
                    .setMemberId(command.memberId())
                    .setVersion(command.version()));
        }

        @Override
        public GroupsCommand.Builder leave(GroupCommand.Leave command) {
            return message.setLeave(LeaveGroupCommand.newBuilder()
                    .setGroup(command.group())
                    .setMemberId(command.memberId())
                    .setKeepPlace(command.keepPlace())
                    .setReason(command.reason())
                    .setAtMillis(command.atMillis()));
        }

        @Override
        public GroupsCommand.Builder followTopics(GroupCommand.FollowTopics command) {
            return message.setFollowTopics(FollowTopicsCommand.newBuilder().setAtMillis(command.atMillis()));
        }

        @Override
        public GroupsCommand.Builder commitOffsets(GroupCommand.CommitOffsets command) {
            TopicTable.Writing topics = new TopicTable.Writing();
            CommitOffsetsCommand.Builder commits =
                    CommitOffsetsCommand.newBuilder().setAtMillis(command.atMillis());
            command.commits().forEach(commit -> commits.addCommits(messageOf(commit, topics)));
            return message.setCommitOffsets(commits.addAllTopicIds(topics.table()));
        }

        private static CommitState messageOf(GroupCommand.Commit commit, TopicTable.Writing topics) {
            CommitState.Builder state = CommitState.newBuilder().setGroup(commit.group());
            commit.member().ifPresent(member -> state.setMemberId(member.id()).setMemberEpoch(member.epoch()));
            commit.positions()
                    .forEach(position -> state.addPositions(GroupFormat.messageOf(
                            position.partition(),
                            new CommittedOffset(position.offset(), position.leaderEpoch(), position.metadata(), 0),
                            topics)));
            return state.build();
        }

        @Override
        public GroupsCommand.Builder resetOffsets(GroupCommand.ResetOffsets command) {
            TopicTable.Writing topics = new TopicTable.Writing();
            ResetOffsetsCommand.Builder reset =
                    ResetOffsetsCommand.newBuilder().setGroup(command.group()).setAtMillis(command.atMillis());
            command.offsets()
                    .forEach((partition, offset) -> reset.addOffsets(CommittedOffsetState.newBuilder()
                            .setTopic(topics.indexOf(partition.topicId()))
                            .setPartition(partition.partition())
                            .setOffset(offset)));
            return message.setResetOffsets(reset.addAllTopicIds(topics.table()));
        }

        @Override
        public GroupsCommand.Builder deleteGroup(GroupCommand.DeleteGroup command) {
            return message.setDeleteGroup(DeleteGroupCommand.newBuilder().setGroup(command.group()));
        }

        @Override
        public GroupsCommand.Builder deleteOffsets(GroupCommand.DeleteOffsets command) {
            TopicTable.Writing topics = new TopicTable.Writing();
            DeleteOffsetsCommand.Builder delete =
                    DeleteOffsetsCommand.newBuilder().setGroup(command.group());
            command.partitions().forEach(partition -> delete.addPartitions(GroupFormat.messageOf(partition, topics)));
            return message.setDeleteOffsets(delete.addAllTopicIds(topics.table()));
        }

        @Override
        public GroupsCommand.Builder expire(GroupCommand.Expire command) {
            return message.setExpire(ExpireGroupsCommand.newBuilder()
                    .addAllGroups(command.groups())
                    .setIdleSinceMillis(command.idleSinceMillis()));
        }
    }
}

package io.flotilla.metadata.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.v1.AcceptedOutcome;
import io.flotilla.metadata.v1.OutcomeState;
import io.flotilla.metadata.v1.ProducerIdRange;
import io.flotilla.metadata.v1.RejectedOutcome;
import io.flotilla.metadata.v1.TopicResult;
import io.flotilla.protocol.error.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An outcome as {@code flotilla.metadata.v1.OutcomeState}, on its way to the proposer. It is never stored. */
public final class OutcomeFormat {
    private OutcomeFormat() {}

    public static ByteBuffer encode(Outcome outcome) {
        OutcomeState.Builder message = OutcomeState.newBuilder();
        if (outcome instanceof Outcome.Accepted accepted) {
            AcceptedOutcome.Builder state = AcceptedOutcome.newBuilder().setVersion(accepted.version());
            message.setAccepted(accepted.result().match(new Encoding(state)));
        } else if (outcome instanceof Outcome.Rejected rejected) {
            message.setRejected(RejectedOutcome.newBuilder()
                    .setCode(rejected.code().number())
                    .setMessage(rejected.message())
                    .putAllDetails(rejected.details()));
        }
        return ByteBuffer.wrap(message.build().toByteArray());
    }

    /**
     * @param bytes exactly one outcome from position to limit
     * @throws IOException if the bytes are not those of an outcome this version knows
     */
    public static Outcome decode(ByteBuffer bytes) throws IOException {
        try {
            OutcomeState message = OutcomeState.parseFrom(bytes.duplicate());
            return switch (message.getOutcomeCase()) {
                case ACCEPTED ->
                    new Outcome.Accepted(message.getAccepted().getVersion(), resultOf(message.getAccepted()));
                case REJECTED ->
                    new Outcome.Rejected(
                            ErrorCode.ofNumber(message.getRejected().getCode()),
                            message.getRejected().getMessage(),
                            message.getRejected().getDetailsMap());
                case OUTCOME_NOT_SET -> throw unknown();
            };
        } catch (InvalidProtocolBufferException malformed) {
            throw new IOException("metadata outcome is malformed", malformed);
        } catch (IllegalArgumentException invalid) {
            throw new IOException("metadata outcome holds an impossible value: " + invalid.getMessage(), invalid);
        }
    }

    private static Result resultOf(AcceptedOutcome message) throws IOException {
        return switch (message.getResultCase()) {
            case BROKER_REGISTERED -> new Result.BrokerRegistered(ImageFormat.brokerOf(message.getBrokerRegistered()));
            case TOPIC_CREATED -> new Result.TopicCreated(topicOf(message.getTopicCreated()));
            case TOPIC_DELETED ->
                new Result.TopicDeleted(
                        topicOf(message.getTopicDeleted()),
                        message.getTopicDeleted().getPurgeAtMillis());
            case PARTITIONS_ADDED -> new Result.PartitionsAdded(topicOf(message.getPartitionsAdded()));
            case TOPIC_CONFIG_ALTERED -> new Result.TopicConfigAltered(topicOf(message.getTopicConfigAltered()));
            case TOPIC_UNDELETED -> new Result.TopicUndeleted(topicOf(message.getTopicUndeleted()));
            case TOPIC_PURGED -> new Result.TopicPurged(message.getTopicPurged());
            case LEADERS_REPORTED -> new Result.LeadersReported(message.getLeadersReported());
            case PRODUCER_IDS_ALLOCATED ->
                new Result.ProducerIdsAllocated(
                        message.getProducerIdsAllocated().getFirst(),
                        message.getProducerIdsAllocated().getCount());
            case BROKER_CHANGED -> new Result.BrokerChanged(ImageFormat.brokerOf(message.getBrokerChanged()));
            case OPERATION_CHANGED ->
                new Result.OperationChanged(OperationFormat.operationOf(message.getOperationChanged()));
            case TARGETS_ASSIGNED -> new Result.TargetsAssigned(message.getTargetsAssigned());
            case FEATURE_LEVEL_RAISED -> new Result.FeatureLevelRaised(message.getFeatureLevelRaised());
            case GROUPS_CHANGED -> new Result.GroupsChanged(GroupCommandFormat.resultOf(message.getGroupsChanged()));
            case RESULT_NOT_SET -> throw unknown();
        };
    }

    private static Topic topicOf(TopicResult message) {
        return ImageFormat.topicOf(message.getTopic(), PeerTable.of(message.getPeersList()));
    }

    private static TopicResult messageOf(Topic topic) {
        PeerTable.Writing peers = new PeerTable.Writing();
        TopicResult.Builder message = TopicResult.newBuilder().setTopic(ImageFormat.messageOf(topic, peers));
        return message.addAllPeers(peers.table()).build();
    }

    private static IOException unknown() {
        return new IOException("metadata outcome is of a kind this broker does not know: run a newer broker");
    }

    private record Encoding(AcceptedOutcome.Builder message) implements Result.Cases<AcceptedOutcome.Builder> {
        @Override
        public AcceptedOutcome.Builder brokerRegistered(Result.BrokerRegistered result) {
            return message.setBrokerRegistered(ImageFormat.messageOf(result.broker()));
        }

        @Override
        public AcceptedOutcome.Builder topicCreated(Result.TopicCreated result) {
            return message.setTopicCreated(messageOf(result.topic()));
        }

        @Override
        public AcceptedOutcome.Builder topicDeleted(Result.TopicDeleted result) {
            return message.setTopicDeleted(
                    messageOf(result.topic()).toBuilder().setPurgeAtMillis(result.purgeAtMillis()));
        }

        @Override
        public AcceptedOutcome.Builder partitionsAdded(Result.PartitionsAdded result) {
            return message.setPartitionsAdded(messageOf(result.topic()));
        }

        @Override
        public AcceptedOutcome.Builder topicConfigAltered(Result.TopicConfigAltered result) {
            return message.setTopicConfigAltered(messageOf(result.topic()));
        }

        @Override
        public AcceptedOutcome.Builder topicUndeleted(Result.TopicUndeleted result) {
            return message.setTopicUndeleted(messageOf(result.topic()));
        }

        @Override
        public AcceptedOutcome.Builder topicPurged(Result.TopicPurged result) {
            return message.setTopicPurged(result.wasKept());
        }

        @Override
        public AcceptedOutcome.Builder featureLevelRaised(Result.FeatureLevelRaised result) {
            return message.setFeatureLevelRaised(result.level());
        }

        @Override
        public AcceptedOutcome.Builder leadersReported(Result.LeadersReported result) {
            return message.setLeadersReported(result.changed());
        }

        @Override
        public AcceptedOutcome.Builder producerIdsAllocated(Result.ProducerIdsAllocated result) {
            return message.setProducerIdsAllocated(
                    ProducerIdRange.newBuilder().setFirst(result.first()).setCount(result.count()));
        }

        @Override
        public AcceptedOutcome.Builder brokerChanged(Result.BrokerChanged result) {
            return message.setBrokerChanged(ImageFormat.messageOf(result.broker()));
        }

        @Override
        public AcceptedOutcome.Builder operationChanged(Result.OperationChanged result) {
            return message.setOperationChanged(OperationFormat.messageOf(result.operation()));
        }

        @Override
        public AcceptedOutcome.Builder targetsAssigned(Result.TargetsAssigned result) {
            return message.setTargetsAssigned(result.changed());
        }

        @Override
        public AcceptedOutcome.Builder groupsChanged(Result.GroupsChanged result) {
            return message.setGroupsChanged(GroupCommandFormat.messageOf(result.change()));
        }
    }
}

package io.flotilla.metadata.core;

import io.flotilla.metadata.DeletedTopic;
import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataCommand.PurgeTopic;
import io.flotilla.metadata.MetadataCommand.UndeleteTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome.Rejected;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The end of a topic, in two steps. Deleted, it is gone for clients and its name is free, while its replicas stay and
 * nobody serves them. Purged, it is forgotten, and brokers remove the replicas. In between it can be undeleted.
 *
 * <p>What ends records for good never goes by a name that may have passed to another topic: a command that is sent again
 * because its outcome was not known must not hit that one.
 */
final class DeletionRules {
    private DeletionRules() {}

    static Rejected unknownTopic(MetadataImage image, String name) {
        boolean wasDeleted = image.deletedTopics().values().stream()
                .anyMatch(deleted -> deleted.topic().name().equals(name));
        return new Rejected(
                ErrorCode.UNKNOWN_TOPIC,
                "topic '" + name + "' does not exist; "
                        + (wasDeleted
                                ? "it was deleted and can be undeleted, or purged by its id, which the list of deleted"
                                        + " topics shows"
                                : "list the topics to find its name"),
                Map.of("topic", name));
    }

    static Applied delete(MetadataImage before, DeleteTopic command) {
        if (command.graceMillis() < 0 || command.graceMillis() > Limits.DELETE_GRACE_MILLIS_MAX) {
            return Applied.rejected(
                    before,
                    new Rejected(
                            ErrorCode.INVALID_REQUEST,
                            "grace of " + command.graceMillis() + " ms for topic '" + command.name()
                                    + "' is outside [0, " + Limits.DELETE_GRACE_MILLIS_MAX + "]",
                            Map.of("grace_millis", Long.toString(command.graceMillis()))));
        }
        Optional<Topic> live = before.topic(command.name());
        if (live.isPresent()) {
            return delete(before, live.get(), command);
        }
        Optional<DeletedTopic> deleted =
                command.graceMillis() == 0 ? deletedOfId(before, command.name()) : Optional.empty();
        return deleted.map(
                        topic -> Applied.accepted(before.withPurged(topic), new Result.TopicDeleted(topic.topic(), 0)))
                .orElseGet(() -> Applied.rejected(before, unknownTopic(before, command.name())));
    }

    private static Applied delete(MetadataImage before, Topic topic, DeleteTopic command) {
        if (command.graceMillis() == 0) {
            return Applied.accepted(before.withPurged(topic), new Result.TopicDeleted(topic, 0));
        }
        // A clock that is set to the end of time must not make an end in the past of it.
        long purgeAtMillis = command.proposedAtMillis() > Long.MAX_VALUE - command.graceMillis()
                ? Long.MAX_VALUE
                : command.proposedAtMillis() + command.graceMillis();
        return Applied.accepted(
                before.withDeleted(new DeletedTopic(topic, command.proposedAtMillis(), purgeAtMillis)),
                new Result.TopicDeleted(topic, purgeAtMillis));
    }

    /** The same command twice, if it names an id, answers with the topic that is back. */
    static Applied undelete(MetadataImage before, UndeleteTopic command) {
        String nameOrId = command.nameOrId();
        Optional<DeletedTopic> byId = deletedOfId(before, nameOrId);
        if (byId.isPresent()) {
            return undelete(before, byId.get());
        }
        Optional<Topic> back = before.topics().values().stream()
                .filter(topic -> topic.idText().equals(nameOrId))
                .findFirst();
        if (back.isPresent()) {
            return Applied.accepted(before, new Result.TopicUndeleted(back.get()));
        }
        List<DeletedTopic> byName = before.deletedTopics().values().stream()
                .filter(deleted -> deleted.topic().name().equals(nameOrId))
                .toList();
        return switch (byName.size()) {
            case 0 ->
                Applied.rejected(
                        before,
                        new Rejected(
                                ErrorCode.UNKNOWN_TOPIC,
                                "no deleted topic has the name or id '" + nameOrId
                                        + "'; it was purged, or never deleted: see the list of deleted topics",
                                Map.of("topic", nameOrId)));
            case 1 -> undelete(before, byName.get(0));
            default ->
                Applied.rejected(
                        before,
                        new Rejected(
                                ErrorCode.INVALID_REQUEST,
                                byName.size() + " deleted topics had the name '" + nameOrId
                                        + "'; name the one to bring back by its id, which the list of deleted topics"
                                        + " shows",
                                Map.of("topic", nameOrId, "topic_ids", idsOf(byName))));
        };
    }

    private static String idsOf(List<DeletedTopic> topics) {
        return topics.stream().map(deleted -> deleted.topic().idText()).collect(Collectors.joining(","));
    }

    private static Applied undelete(MetadataImage before, DeletedTopic deleted) {
        Topic topic = deleted.topic();
        if (before.topic(topic.name()).isPresent()) {
            return Applied.rejected(
                    before,
                    new Rejected(
                            ErrorCode.TOPIC_ALREADY_EXISTS,
                            "deleted topic " + topic.idText() + " cannot come back: another topic has its name '"
                                    + topic.name() + "' now; delete that one first",
                            Map.of("topic", topic.name(), "topic_id", topic.idText())));
        }
        return Applied.accepted(before.withUndeleted(deleted), new Result.TopicUndeleted(topic));
    }

    /**
     * Only once the grace is over by the proposer's clock: the command may come late, after the topic was undeleted and
     * deleted again.
     */
    static Applied purge(MetadataImage before, PurgeTopic command) {
        DeletedTopic deleted = before.deletedTopics().get(command.id());
        if (deleted == null) {
            return Applied.accepted(before, new Result.TopicPurged(false));
        }
        if (command.proposedAtMillis() < deleted.purgeAtMillis()) {
            return Applied.rejected(
                    before,
                    new Rejected(
                            ErrorCode.INVALID_REQUEST,
                            "deleted topic '" + deleted.topic().name() + "' is kept for "
                                    + (deleted.purgeAtMillis() - command.proposedAtMillis())
                                    + " ms more; delete it without grace to purge it earlier",
                            Map.of("topic_id", deleted.topic().idText())));
        }
        return Applied.accepted(before.withPurged(deleted), new Result.TopicPurged(true));
    }

    private static Optional<DeletedTopic> deletedOfId(MetadataImage image, String id) {
        return image.deletedTopics().values().stream()
                .filter(deleted -> deleted.topic().idText().equals(id))
                .findFirst();
    }
}

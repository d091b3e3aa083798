package io.flotilla.metadata.core;

import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataCommand.AddPartitions;
import io.flotilla.metadata.MetadataCommand.AlterTopicConfig;
import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataCommand.Once;
import io.flotilla.metadata.MetadataCommand.UndeleteTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome.Accepted;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.group.Groups;
import java.util.Optional;
import java.util.function.Function;

/**
 * A request has its effect once, however often it arrives. Only what was accepted is remembered: a request that was refused
 * has had no effect, and may be sent again.
 */
final class OnceRules {
    private OnceRules() {}

    static Applied apply(MetadataImage before, Groups groups, Once command) {
        if (before.spentIds().contains(command.requestId())) {
            return again(before, command.change());
        }
        Applied applied = Transition.apply(before, groups, command.change());
        if (!(applied.outcome() instanceof Accepted accepted)) {
            return applied;
        }
        MetadataImage after = applied.image().withSpent(command.requestId(), before);
        return new Applied(after, applied.changedGroups(), new Accepted(after.version(), accepted.result()));
    }

    /** A deletion finds nothing any more, even if another topic has the name now: that one is not meant. */
    private static Applied again(MetadataImage image, MetadataCommand change) {
        if (change instanceof AlterTopicConfig alter) {
            return present(image, alter.topicName(), Result.TopicConfigAltered::new);
        }
        if (change instanceof AddPartitions add) {
            return present(image, add.topicName(), Result.PartitionsAdded::new);
        }
        if (change instanceof UndeleteTopic undelete) {
            return present(image, undelete.nameOrId(), Result.TopicUndeleted::new);
        }
        if (change instanceof DeleteTopic delete) {
            return Applied.rejected(image, DeletionRules.unknownTopic(image, delete.name()));
        }
        throw new IllegalArgumentException("a request for " + change + " is not remembered");
    }

    private static Applied present(MetadataImage image, String nameOrId, Function<Topic, Result> result) {
        Optional<Topic> topic = image.topic(nameOrId).or(() -> image.topics().values().stream()
                .filter(other -> other.idText().equals(nameOrId))
                .findFirst());
        return topic.map(there -> Applied.accepted(image, result.apply(there)))
                .orElseGet(() -> Applied.rejected(image, DeletionRules.unknownTopic(image, nameOrId)));
    }
}

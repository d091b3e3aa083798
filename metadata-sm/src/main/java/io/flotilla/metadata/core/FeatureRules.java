package io.flotilla.metadata.core;

import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.MetadataCommand.RaiseFeatureLevel;
import io.flotilla.metadata.MetadataCommand.RegisterBroker;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome.Rejected;
import io.flotilla.metadata.Result;
import io.flotilla.protocol.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** At which feature level the cluster is: one that each of its brokers speaks, and never a lower one than before. */
final class FeatureRules {
    private FeatureRules() {}

    /** The first broker ever to register decides at which level the cluster begins: the newest that it speaks. */
    static int levelWith(MetadataImage before, RegisterBroker command) {
        return before.version() == 0 ? command.levels().max() : before.featureLevel();
    }

    static Optional<Rejected> refusalOf(MetadataImage before, RegisterBroker command) {
        int level = levelWith(before, command);
        if (command.levels().contains(level)) {
            return Optional.empty();
        }
        String remedy = command.levels().max() < level
                ? "start a newer release on it"
                : "raise the level with 'flotilla cluster upgrade' first, or start an older release on it";
        return Optional.of(new Rejected(
                ErrorCode.UNSUPPORTED_VERSION,
                "broker " + command.id() + " speaks feature level " + command.levels() + " and the cluster is at level "
                        + level + "; " + remedy,
                Map.of(
                        "broker_id", Integer.toString(command.id()),
                        "feature_level", Integer.toString(level))));
    }

    /** The same command twice answers the second time with what it brought about the first time. */
    static Applied raise(MetadataImage before, RaiseFeatureLevel command) {
        int level = command.level();
        if (level == before.featureLevel()) {
            return Applied.accepted(before, new Result.FeatureLevelRaised(level));
        }
        if (level < before.featureLevel()) {
            return Applied.rejected(
                    before,
                    Refusals.invalid(
                            "the cluster is at feature level " + before.featureLevel() + " and cannot go back to "
                                    + level + "; its metadata may hold what that level does not know",
                            Map.of("feature_level", Integer.toString(before.featureLevel()))));
        }
        List<BrokerRegistration> unable = before.brokers().values().stream()
                .filter(broker -> !broker.levels().contains(level))
                .toList();
        if (!unable.isEmpty() || before.brokers().isEmpty()) {
            return Applied.rejected(before, unable(level, unable));
        }
        return Applied.accepted(before.withFeatureLevel(level), new Result.FeatureLevelRaised(level));
    }

    private static Rejected unable(int level, List<BrokerRegistration> unable) {
        List<String> brokers = unable.stream()
                .map(broker -> "broker " + broker.id() + " (level " + broker.levels() + ")")
                .toList();
        return new Rejected(
                ErrorCode.CONFLICT,
                "the cluster cannot go to feature level " + level + ": "
                        + (unable.isEmpty()
                                ? "no broker is registered"
                                : String.join(", ", brokers) + " cannot speak it")
                        + "; start a release that speaks it on every broker, or decommission those that are gone",
                Map.of(
                        "broker_ids",
                        String.join(
                                ",",
                                unable.stream()
                                        .map(broker -> Integer.toString(broker.id()))
                                        .toList())));
    }
}

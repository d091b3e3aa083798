package io.flotilla.metadata.core;

import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataCommand.AddPartitions;
import io.flotilla.metadata.MetadataCommand.AlterTopicConfig;
import io.flotilla.metadata.MetadataCommand.CreateTopic;
import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataCommand.PurgeTopic;
import io.flotilla.metadata.MetadataCommand.UndeleteTopic;
import io.flotilla.metadata.Topic;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Topics, live and deleted, as plainly as can be: no placement, no versions, one map each. */
final class TopicLifeModel {
    record Model(UUID id, String name, int partitions, Map<String, String> config) {}

    record Kept(Model topic, long purgeAtMillis) {}

    private final Map<String, Model> live = new TreeMap<>();
    private final Map<UUID, Kept> deleted = new TreeMap<>();
    private final Set<UUID> purged = new HashSet<>();

    Map<String, Model> live() {
        return live;
    }

    Map<UUID, Kept> deleted() {
        return deleted;
    }

    /** Does what the command asks for if it must be accepted, and says whether. */
    boolean accepts(MetadataCommand command) {
        if (command instanceof CreateTopic create) {
            return create(create);
        } else if (command instanceof DeleteTopic delete) {
            return delete(delete);
        } else if (command instanceof UndeleteTopic undelete) {
            return undelete(undelete.nameOrId());
        } else if (command instanceof PurgeTopic purge) {
            Kept kept = deleted.get(purge.id());
            boolean due = kept == null || purge.proposedAtMillis() >= kept.purgeAtMillis();
            if (due && kept != null) {
                deleted.remove(purge.id());
                purged.add(purge.id());
            }
            return due;
        } else if (command instanceof AddPartitions add) {
            return grow(add);
        } else if (command instanceof AlterTopicConfig alter) {
            return alter(alter);
        }
        throw new IllegalArgumentException("the model knows no " + command);
    }

    private boolean grow(AddPartitions add) {
        Model topic = live.get(add.topicName());
        if (topic == null || add.newTotalCount() < topic.partitions()) {
            return false;
        }
        live.put(topic.name(), new Model(topic.id(), topic.name(), add.newTotalCount(), topic.config()));
        return true;
    }

    private boolean create(CreateTopic create) {
        Model present = live.get(create.name());
        if (present != null) {
            return present.id().equals(create.id()); // the same command again
        }
        if (deleted.containsKey(create.id()) || purged.contains(create.id()) || !isValid(create.config())) {
            return false;
        }
        live.put(create.name(), new Model(create.id(), create.name(), create.partitionCount(), create.config()));
        return true;
    }

    private boolean delete(DeleteTopic delete) {
        Model topic = live.remove(delete.name());
        if (topic == null) {
            return delete.graceMillis() == 0 && purge(delete.name());
        }
        if (delete.graceMillis() > 0) {
            deleted.put(topic.id(), new Kept(topic, delete.proposedAtMillis() + delete.graceMillis()));
        } else {
            purged.add(topic.id());
        }
        return true;
    }

    private boolean purge(String idText) {
        Set<UUID> meant = deleted.keySet().stream()
                .filter(id -> Topic.idText(id).equals(idText))
                .collect(Collectors.toSet());
        purged.addAll(meant);
        return deleted.keySet().removeAll(meant);
    }

    private boolean undelete(String nameOrId) {
        if (live.values().stream().anyMatch(topic -> Topic.idText(topic.id()).equals(nameOrId))) {
            return true;
        }
        List<Model> meant = deleted.values().stream()
                .map(Kept::topic)
                .filter(topic -> Topic.idText(topic.id()).equals(nameOrId)
                        || topic.name().equals(nameOrId))
                .toList();
        if (meant.size() != 1 || live.containsKey(meant.get(0).name())) {
            return false;
        }
        live.put(meant.get(0).name(), meant.get(0));
        deleted.remove(meant.get(0).id());
        return true;
    }

    private boolean alter(AlterTopicConfig alter) {
        Model topic = live.get(alter.topicName());
        boolean contradicts = alter.remove().stream().anyMatch(alter.set()::containsKey);
        boolean empty = alter.set().isEmpty() && alter.remove().isEmpty();
        if (topic == null || contradicts || empty) {
            return false;
        }
        Map<String, String> config = new HashMap<>(topic.config());
        config.putAll(alter.set());
        config.keySet().removeAll(alter.remove());
        if (!isValid(config) || segmentBytes(config) != segmentBytes(topic.config())) {
            return false;
        }
        live.put(topic.name(), new Model(topic.id(), topic.name(), topic.partitions(), config));
        return true;
    }

    private static int segmentBytes(Map<String, String> config) {
        return Integer.parseInt(config.getOrDefault("segment.bytes", Integer.toString(128 << 20)));
    }

    /** Of the values that the test sets, the one that is out of range. */
    private static boolean isValid(Map<String, String> config) {
        return !"-2".equals(config.get("retention.ms"));
    }
}

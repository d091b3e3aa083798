package io.flotilla.bitrot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The units of a data folder, found by what there is: replicas of any topics, and what a broker has once. */
public final class BrokerUnits {
    private static final Pattern REPLICA =
            Pattern.compile("(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})-(\\d+)");

    private BrokerUnits() {}

    /** Those of replicas by name, then the others. A replica has the same name on every broker. */
    public static List<Unit> of(Path data) throws IOException {
        List<Unit> units = new ArrayList<>();
        Set<String> groups = new HashSet<>();
        for (Path folder : folders(data.resolve("partitions"))) {
            Matcher name = REPLICA.matcher(Unit.nameOf(folder));
            if (name.matches()) {
                int partition = Integer.parseInt(name.group(2));
                String group = groupOf(UUID.fromString(name.group(1)), partition);
                groups.add(group);
                units.add(new Unit(
                        Unit.nameOf(folder),
                        OptionalInt.of(partition),
                        List.of(folder, data.resolve("raft").resolve(group)),
                        List.of(Unit.nameOf(folder), group)));
            }
        }
        units.add(ownUnit("identity", List.of(data.resolve("meta.properties"), data.resolve("meta.properties.copy"))));
        units.add(ownUnit("index", List.of(data.resolve("index"))));
        List<Path> metadata = new ArrayList<>(List.of(data.resolve("metadata")));
        for (Path group : folders(data.resolve("raft"))) {
            if (Files.exists(group.resolve("current")) && !groups.contains(Unit.nameOf(group))) {
                metadata.add(group);
            }
        }
        units.add(ownUnit("metadata", metadata));
        return units;
    }

    private static Unit ownUnit(String name, List<Path> roots) {
        return new Unit(name, OptionalInt.empty(), roots, List.of(name));
    }

    private static List<Path> folders(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory).sorted().toList();
        }
    }

    /** The name of the group's folder, made as the broker makes it. */
    static String groupOf(UUID topicId, int partition) {
        byte[] name = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                .putLong(topicId.getMostSignificantBits())
                .putLong(topicId.getLeastSignificantBits())
                .putInt(partition)
                .array();
        return UUID.nameUUIDFromBytes(name).toString();
    }
}

package io.flotilla.chaos.fault.data;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import io.flotilla.client.ReplicaRole;
import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * N24: the data of brokers is gone, and they start with nothing. More than a minority of all brokers only with {@code
 * beyond=true}: records are lost then. At the end it waits until the brokers have their replicas back.
 */
public final class Wipe implements LingeringFault {
    private static final Duration BACK_TIMEOUT = Duration.ofSeconds(90);
    private static final String DIRECTORY_ID = "directory.id=";

    private final Site site;
    private final FaultSpec spec;
    private final long seed;
    private final boolean beyond;
    /** What the brokers were called before. */
    private final Map<Integer, String> before = new LinkedHashMap<>();

    private final Map<Integer, Integer> replicasBefore = new LinkedHashMap<>();

    public Wipe(Site site, FaultSpec spec, long seed) {
        this.site = site;
        this.spec = spec;
        this.seed = seed;
        Parameters parameters = Parameters.of(spec);
        this.beyond = parameters.choice("beyond", "false", "true").equals("true");
        parameters.requireAllKnown();
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        List<Integer> victims = site.roles().resolve(spec.target(), seed);
        site.requireMinority(victims, beyond);
        for (int id : victims) {
            before.put(id, identity(id).orElse("none"));
            replicasBefore.put(id, site.roles().replicas(id).size());
        }
        site.kill(victims);
        try {
            for (int id : victims) {
                DirectoryTree.clear(site.cluster().dataDirectory(id));
            }
        } catch (IOException failure) {
            throw new FaultException("cannot delete the data of " + Site.names(victims), failure);
        }
        site.start(victims);
        return victims;
    }

    @Override
    public String verify() {
        Site.await(
                BACK_TIMEOUT,
                Site.names(List.copyOf(before.keySet())) + " to make new data folders",
                () -> before.keySet().stream().allMatch(id -> identity(id).isPresent()),
                () -> "there are none");
        before.forEach((id, earlier) -> {
            if (identity(id).filter(earlier::equals).isPresent()) {
                throw new FaultException("the data folder of broker " + id + " is still " + earlier);
            }
        });
        return "other data folders: "
                + before.keySet().stream()
                        .map(id -> "broker " + id + " " + before.get(id) + " -> "
                                + identity(id).orElse("none"))
                        .toList();
    }

    /** The directory id; empty while there is none. */
    private Optional<String> identity(int id) {
        Path file = site.cluster().dataDirectory(id).resolve("meta.properties");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(DIRECTORY_ID))
                    .map(line -> line.substring(DIRECTORY_ID.length()))
                    .findFirst();
        } catch (IOException | UncheckedIOException beingMade) {
            return Optional.empty();
        }
    }

    @Override
    public void disarm() {
        site.launch(before.keySet());
    }

    @Override
    public void settle() {
        site.awaitReady(before.keySet());
        if (!beyond) {
            Site.await(
                    BACK_TIMEOUT,
                    Site.names(List.copyOf(before.keySet())) + " to have their replicas again",
                    () -> before.keySet().stream().allMatch(this::isBack),
                    () -> "they have "
                            + before.keySet().stream()
                                    .map(id -> site.roles().replicas(id).size() + " of " + replicasBefore.get(id))
                                    .toList());
        }
    }

    private boolean isBack(int id) {
        var replicas = site.roles().replicas(id);
        return replicas.size() >= replicasBefore.getOrDefault(id, 0)
                && replicas.stream().noneMatch(replica -> replica.role() == ReplicaRole.FAILED);
    }
}

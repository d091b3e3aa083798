package io.flotilla.manager;

import io.flotilla.metadata.Endpoint;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataCommand.CreateTopic;
import io.flotilla.metadata.MetadataCommand.RegisterBroker;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.core.Applied;
import io.flotilla.metadata.core.Transition;
import io.flotilla.raftlog.partition.Partition.Listening;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The real rules without a cluster: commands are applied at once, unless the test holds them. */
final class FakeMetadata implements ClusterMetadata {
    static final String CLUSTER = "c";

    private final List<Consumer<MetadataImage>> listeners = new CopyOnWriteArrayList<>();
    private final List<MetadataCommand> submitted = new ArrayList<>();
    private volatile MetadataImage image = MetadataImage.empty(CLUSTER);
    private volatile MetadataImage shown = image;
    private boolean lagging;
    private @Nullable CompletableFuture<Outcome> nextAnswer;

    /** Three brokers 1 to 3, of directories d1 to d3. */
    static FakeMetadata withThreeBrokers() {
        FakeMetadata metadata = new FakeMetadata();
        for (int id = 1; id <= 3; id++) {
            metadata.register(id, "d" + id);
        }
        return metadata;
    }

    void register(int id, String directoryId) {
        register(id, directoryId, new Endpoint("host-" + id, 9000 + id));
    }

    void register(int id, String directoryId, Endpoint endpoint) {
        apply(new RegisterBroker(id, directoryId, endpoint, endpoint, "", 0, 0));
    }

    Topic create(String name, int partitionCount, int replicationFactor) {
        UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        apply(new CreateTopic(id, name, partitionCount, replicationFactor, Map.of()));
        return image.topic(name).orElseThrow();
    }

    void delete(String name) {
        apply(new MetadataCommand.DeleteTopic(name));
    }

    void change(MetadataCommand... commands) {
        for (MetadataCommand command : commands) {
            apply(command).resultAs(Result.class);
        }
    }

    /** From now on {@link #image} stays as it is, until the test lets it catch up. */
    void lag() {
        lagging = true;
    }

    void catchUp() {
        lagging = false;
        show();
    }

    /** The next command is not applied and gets this answer. */
    void answerNext(CompletableFuture<Outcome> answer) {
        nextAnswer = answer;
    }

    List<MetadataCommand> submitted() {
        synchronized (submitted) {
            return List.copyOf(submitted);
        }
    }

    private synchronized Outcome apply(MetadataCommand command) {
        Applied applied = Transition.apply(image, command);
        image = applied.image();
        if (!lagging) {
            show();
        }
        return applied.outcome();
    }

    private void show() {
        shown = image;
        listeners.forEach(listener -> listener.accept(shown));
    }

    @Override
    public MetadataImage image() {
        return shown;
    }

    @Override
    public Listening listen(Consumer<MetadataImage> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public CompletableFuture<Outcome> submit(MetadataCommand command) {
        synchronized (submitted) {
            submitted.add(command);
        }
        CompletableFuture<Outcome> answer = nextAnswer;
        nextAnswer = null;
        return answer != null ? answer : CompletableFuture.completedFuture(apply(command));
    }
}

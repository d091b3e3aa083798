package io.flotilla.broker.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.raftlog.partition.Partition.Listening;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whoever listens to the metadata does not notice where it comes from. */
class SwitchingMetadataTest {
    private final Source first = new Source(1, 5);
    private final Source second = new Source(2, 6);
    private final SwitchingMetadata metadata = SwitchingMetadata.from(first);
    private final List<Long> heard = new ArrayList<>();

    @Test
    void shouldGoOnWithImagesOfTheNewSourceOnly() {
        Listening listening = metadata.listen(image -> heard.add(image.version()));

        assertThat(metadata.switchTo(second)).isSameAs(first);
        first.show(7);
        second.show(8);
        listening.close();
        second.show(9);

        assertThat(heard).containsExactly(5L, 6L, 8L);
        assertThat(metadata.image().version()).isEqualTo(9);
        assertThat(metadata.quorum().leader()).contains(2);
    }

    @Test
    void shouldTellNoOlderImageOfASourceThatIsBehind() {
        metadata.listen(image -> heard.add(image.version()));
        first.show(8);

        metadata.switchTo(second);

        assertThat(heard).containsExactly(5L, 8L);
    }

    @Test
    void shouldCloseTheSourceItHas() {
        metadata.switchTo(second);

        metadata.close();

        assertThat(second.closed).isTrue();
        assertThat(first.closed).isFalse();
    }

    private static MetadataImage imageOf(long version) {
        return MetadataImage.of("c", version, 0, List.of(), List.of());
    }

    private static final class Source implements BrokerMetadata {
        private final int leader;
        private final List<Consumer<MetadataImage>> listeners = new ArrayList<>();
        private MetadataImage image;
        private boolean closed;

        Source(int leader, long version) {
            this.leader = leader;
            this.image = imageOf(version);
        }

        void show(long version) {
            image = imageOf(version);
            List.copyOf(listeners).forEach(listener -> listener.accept(image));
        }

        @Override
        public MetadataImage image() {
            return image;
        }

        @Override
        public Listening listen(Consumer<MetadataImage> listener) {
            listeners.add(listener);
            listener.accept(image);
            return () -> listeners.remove(listener);
        }

        @Override
        public CompletableFuture<Outcome> submit(MetadataCommand command) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException());
        }

        @Override
        public Quorum quorum() {
            return new Quorum(Optional.of(leader), List.of(leader));
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}

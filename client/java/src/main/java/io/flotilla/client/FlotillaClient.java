package io.flotilla.client;

import io.flotilla.client.admin.FlotillaAdmin;
import io.flotilla.client.admin.LeaderCalls;
import io.flotilla.client.consumer.FlotillaConsumer;
import io.flotilla.client.group.Coordinator;
import io.flotilla.client.group.CoordinatorCalls;
import io.flotilla.client.group.FlotillaGroupAdmin;
import io.flotilla.client.group.FlotillaGroupConsumer;
import io.flotilla.client.metadata.MetadataCache;
import io.flotilla.client.metadata.OffsetFinder;
import io.flotilla.client.producer.FlotillaProducer;
import io.flotilla.client.transport.BrokerCalls;
import io.flotilla.client.transport.BrokerDirectory;
import io.flotilla.client.transport.Channels;
import io.flotilla.client.transport.EventLoop;
import io.flotilla.client.typed.DecodingHandler;
import io.flotilla.client.typed.Deserializer;
import io.flotilla.client.typed.Serializer;
import io.flotilla.client.typed.TypedConsumer;
import io.flotilla.client.typed.TypedGroupConsumer;
import io.flotilla.client.typed.TypedProducer;
import io.flotilla.client.typed.TypedRecordHandler;
import io.flotilla.client.typed.UnreadableRecords;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a cluster: owns one channel per broker and what is known about topics and leaders, shared by all the
 * producers, consumers and admins made from it. An application needs one.
 *
 * <p>Connecting is lazy: a cluster that does not answer shows in the first call.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class FlotillaClient implements AutoCloseable {
    private final ClientSettings settings;
    private final EventLoop loop;
    private final Channels channels;
    private final BrokerCalls calls;
    private final MetadataCache metadata;
    private final OffsetFinder offsets;
    private final Coordinator coordinator;
    private final CoordinatorCalls coordinatorCalls;
    private final Admin admin;
    private final Set<FlotillaProducer> producers = ConcurrentHashMap.newKeySet();
    private final Set<FlotillaConsumer> consumers = ConcurrentHashMap.newKeySet();
    private final Set<FlotillaGroupConsumer> groupConsumers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private FlotillaClient(ClientSettings settings) {
        this.settings = settings;
        this.loop = new EventLoop("flotilla-client");
        this.channels = new Channels(settings);
        this.calls = new BrokerCalls(settings, channels, new BrokerDirectory(settings.bootstrap()), loop);
        this.metadata = new MetadataCache(settings, calls, loop);
        this.offsets = new OffsetFinder(settings, calls, metadata, loop);
        this.coordinator = new Coordinator(calls.brokers());
        this.coordinatorCalls = new CoordinatorCalls(settings, calls, coordinator, loop);
        this.admin = new FlotillaAdmin(
                settings,
                calls,
                metadata,
                offsets,
                new LeaderCalls(settings, calls, metadata, loop),
                new FlotillaGroupAdmin(settings, coordinatorCalls));
    }

    /**
     * @param bootstrap brokers to ask first, for instance {@code broker-1:9094,broker-2:9094}
     * @throws IllegalArgumentException if an address is malformed
     */
    public static FlotillaClient connect(String bootstrap) {
        return connect(ClientSettings.of(bootstrap));
    }

    public static FlotillaClient connect(ClientSettings settings) {
        return new FlotillaClient(settings);
    }

    public ClientSettings settings() {
        return settings;
    }

    /** A producer with {@link ProducerSettings#DEFAULT}. The caller closes it. */
    public Producer producer() {
        return producer(ProducerSettings.DEFAULT);
    }

    /** The caller closes the producer. */
    public Producer producer(ProducerSettings producerSettings) {
        requireOpen();
        Membership<FlotillaProducer> membership = new Membership<>(producers);
        FlotillaProducer producer = new FlotillaProducer(
                settings, producerSettings, channels, calls, metadata, Clock.systemUTC(), membership::end);
        membership.begin(producer);
        return producer;
    }

    /** A producer of objects with {@link ProducerSettings#DEFAULT}. The caller closes it. */
    public <K, V> TypedProducer<K, V> producer(Serializer<K> keys, Serializer<V> values) {
        return producer(ProducerSettings.DEFAULT, keys, values);
    }

    /** A producer of objects. The caller closes it. */
    public <K, V> TypedProducer<K, V> producer(
            ProducerSettings producerSettings, Serializer<K> keys, Serializer<V> values) {
        return new TypedProducer<>(producer(producerSettings), keys, values);
    }

    /** A consumer with {@link ConsumerSettings#DEFAULT}. The caller closes it. */
    public Consumer consumer() {
        return consumer(ConsumerSettings.DEFAULT);
    }

    /** The caller closes the consumer. */
    public Consumer consumer(ConsumerSettings consumerSettings) {
        requireOpen();
        Membership<FlotillaConsumer> membership = new Membership<>(consumers);
        FlotillaConsumer consumer =
                new FlotillaConsumer(settings, consumerSettings, channels, metadata, offsets, "", membership::end);
        membership.begin(consumer);
        return consumer;
    }

    /** A consumer of objects with {@link ConsumerSettings#DEFAULT}. The caller closes it. */
    public <K, V> TypedConsumer<K, V> consumer(Deserializer<K> keys, Deserializer<V> values) {
        return consumer(ConsumerSettings.DEFAULT, keys, values);
    }

    /** A consumer of objects. The caller closes it. */
    public <K, V> TypedConsumer<K, V> consumer(
            ConsumerSettings consumerSettings, Deserializer<K> keys, Deserializer<V> values) {
        return new TypedConsumer<>(consumer(consumerSettings), keys, values);
    }

    /** A member of a group, which joins at once. The caller closes it. */
    public GroupConsumer groupConsumer(GroupSettings groupSettings) {
        requireOpen();
        Membership<FlotillaGroupConsumer> membership = new Membership<>(groupConsumers);
        FlotillaConsumer reader = new FlotillaConsumer(
                settings, groupSettings.reading(), channels, metadata, offsets, groupSettings.group(), () -> {});
        FlotillaGroupConsumer consumer = new FlotillaGroupConsumer(
                settings, groupSettings, reader, channels, coordinator, coordinatorCalls, loop, membership::end);
        membership.begin(consumer);
        return consumer;
    }

    /** Starts a thread on which the handler processes the records of a group. The caller closes the loop. */
    public ConsumerLoop consume(GroupSettings groupSettings, RecordHandler handler) {
        return ConsumerLoop.start(groupConsumer(groupSettings), groupSettings, handler);
    }

    /** A member of a group that reads objects; it joins at once. The caller closes it. */
    public <K, V> TypedGroupConsumer<K, V> groupConsumer(
            GroupSettings groupSettings, Deserializer<K> keys, Deserializer<V> values) {
        return new TypedGroupConsumer<>(groupConsumer(groupSettings), keys, values);
    }

    /**
     * {@link #consume(GroupSettings, RecordHandler)} of objects.
     *
     * @param unreadable what to do with records that cannot be deserialized, for instance {@link UnreadableRecords#STOP}
     */
    public <K, V> ConsumerLoop consume(
            GroupSettings groupSettings,
            Deserializer<K> keys,
            Deserializer<V> values,
            TypedRecordHandler<K, V> handler,
            UnreadableRecords unreadable) {
        return consume(groupSettings, new DecodingHandler<>(keys, values, handler, unreadable));
    }

    /** Lives as long as this client. */
    public Admin admin() {
        return admin;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
    }

    /** Closes what was made from it (producers without waiting), then the channels. Closing twice does no harm. */
    @Override
    public void close() {
        closed = true;
        List.copyOf(producers).forEach(producer -> producer.close(Duration.ZERO));
        List.copyOf(consumers).forEach(FlotillaConsumer::abandon);
        consumers.clear();
        List.copyOf(groupConsumers).forEach(FlotillaGroupConsumer::abandon);
        groupConsumers.clear();
        channels.close();
        loop.close();
    }

    /** Takes what was made out of its set when it is closed. */
    private static final class Membership<T> {
        private final Set<T> set;
        private volatile @Nullable T member;

        Membership(Set<T> set) {
            this.set = set;
        }

        void begin(T newMember) {
            member = newMember;
            set.add(newMember);
        }

        void end() {
            T leaving = member;
            if (leaving != null) {
                set.remove(leaving);
            }
        }
    }
}

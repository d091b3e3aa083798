package io.flotilla.client.transport;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ClientSettings;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One channel per broker, opened when it is first needed and kept until the client is closed.
 *
 * <p>Threading: safe.
 */
public final class Channels implements AutoCloseable {
    private static final int FLOW_CONTROL_WINDOW_BYTES = 4 << 20;
    private static final long CLOSE_TIMEOUT_MILLIS = 2_000;

    private final ClientSettings settings;
    private final Map<BrokerAddress, ManagedChannel> channels = new HashMap<>();
    private final Map<BrokerAddress, Long> renewedNanos = new HashMap<>();
    private boolean closed;

    public Channels(ClientSettings settings) {
        this.settings = settings;
    }

    /**
     * The channel to a broker, ready for an attempt to connect right now: gRPC's own pause after a failed connection
     * (up to two minutes) is cut short, because our retry schedule already paced this attempt.
     *
     * @throws Refused BROKER_NOT_AVAILABLE if the client is closed
     */
    public synchronized ManagedChannel to(BrokerAddress broker) {
        if (closed) {
            throw new Refused(ErrorCode.BROKER_NOT_AVAILABLE, "the client is closed, broker " + broker + " not called");
        }
        ManagedChannel channel = channels.computeIfAbsent(broker, this::open);
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            // Unlike resetConnectBackoff this also lets the call wait for the new connection instead of failing at once
            // with the old failure, and resolves the host's name again.
            channel.enterIdle();
        }
        return channel;
    }

    /**
     * Lets the next calls to a broker that owes answers use a new connection: the present one may lead nowhere without
     * having been closed. Calls under way keep theirs. More than one request within an attempt's time does nothing.
     */
    public synchronized void renew(BrokerAddress broker) {
        ManagedChannel channel = channels.get(broker);
        long now = System.nanoTime();
        Long before = renewedNanos.get(broker);
        if (channel != null
                && (before == null || now - before >= settings.attemptTimeout().toNanos())) {
            renewedNanos.put(broker, now);
            channel.enterIdle();
        }
    }

    private ManagedChannel open(BrokerAddress broker) {
        String host = broker.host().indexOf(':') < 0 ? broker.host() : "[" + broker.host() + "]";
        return NettyChannelBuilder.forTarget("dns:///" + host + ":" + broker.port())
                .usePlaintext()
                .directExecutor() // our callbacks only hand over to other threads
                .keepAliveTime(settings.keepAliveInterval().toNanos(), TimeUnit.NANOSECONDS)
                .keepAliveTimeout(settings.keepAliveTimeout().toNanos(), TimeUnit.NANOSECONDS)
                .keepAliveWithoutCalls(true)
                .maxInboundMessageSize(settings.messageBytesMax())
                .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
                .withOption(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(settings.connectTimeout().toMillis()))
                .disableRetry() // our own retries know leaders and sequences
                .build();
    }

    /** Breaks every call that is still open, and waits a moment for the connections to close. */
    @Override
    public void close() {
        Map<BrokerAddress, ManagedChannel> open;
        synchronized (this) {
            closed = true;
            open = new HashMap<>(channels);
            channels.clear();
        }
        open.values().forEach(ManagedChannel::shutdownNow);
        try {
            for (ManagedChannel channel : open.values()) {
                channel.awaitTermination(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.flotilla.raftlog.raft.ratis.transport;

import io.flotilla.raftlog.raft.RaftObserver;
import io.flotilla.raftlog.raft.RaftSettings;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;

/** The name under which Ratis finds this transport: it makes one of these by reflection. */
public final class TransportType implements RpcType {
    private static final String OPTIONS = TransportType.class.getName() + ".options";

    @Override
    public String name() {
        return TransportType.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new TransportFactory(
                parameters.getNonNull(OPTIONS, TransportFactory.Options.class), LeaderProofs.in(parameters));
    }

    /** Makes a server of these properties use this transport, given {@link #parameters} too. */
    public static void configure(RaftProperties properties) {
        RaftConfigKeys.Rpc.setType(properties, new TransportType());
    }

    /**
     * The transport over TCP.
     *
     * @param observer told of what is not let in
     * @throws IOException if the files for TLS that the settings name cannot be used
     */
    public static Parameters parameters(RaftPeerId self, RaftSettings settings, RaftObserver observer)
            throws IOException {
        Refusals refusals = new Refusals(observer);
        RaftSettings.Transport transport = settings.transport();
        WireTls tls = transport.tls().isPresent() ? WireTls.open(transport.tls().get(), transport.realm(), self) : null;
        return parameters(new TransportFactory.Options(
                self, transport, id -> NettyWire.of(id, settings, refusals, tls), refusals));
    }

    /** What {@link RaftObserver#refused} may be told. */
    public static List<String> refusalReasons() {
        return Stream.of(Refusals.Reason.values()).map(Refusals.Reason::label).toList();
    }

    /** The transport over another wire. */
    public static Parameters parameters(RaftPeerId self, RaftSettings settings, Wire.Factory wires) {
        return parameters(new TransportFactory.Options(self, settings.transport(), wires, new Refusals()));
    }

    private static Parameters parameters(TransportFactory.Options options) {
        Parameters parameters = new Parameters();
        parameters.put(OPTIONS, options, TransportFactory.Options.class);
        return parameters;
    }
}

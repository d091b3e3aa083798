package io.flotilla.chaos.fault.client;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import io.flotilla.client.BrokerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * N27: {@code connections}, 1 to 2,000 and 200 by default, of strangers to the gRPC port of each targeted broker, each of
 * one {@linkplain Nonsense kind}: {@code what} is one of them in lower case, or all in turn. They stay open until the end.
 * A broker that dies of it, or does not answer others any more, is what a judge looks for.
 */
public final class BadClients implements LingeringFault {
    private static final int CONNECT_TIMEOUT_MILLIS = 1000;
    private static final int CONNECTIONS_MAX = 2000;
    private static final Duration PROOF_TIMEOUT = Duration.ofSeconds(20);
    /** Arming ends then, with as many connections as there are. */
    private static final Duration ARM_TIMEOUT = Duration.ofSeconds(15);

    private final Site site;
    private final FaultSpec spec;
    private final long seed;
    private final int connections;
    private final List<Nonsense> kinds;
    private final List<Socket> open = new ArrayList<>();
    private final Map<Nonsense, Integer> sent = new EnumMap<>(Nonsense.class);
    private List<Integer> victims = List.of();
    private int refused;

    public BadClients(Site site, FaultSpec spec, long seed) {
        this.site = site;
        this.spec = spec;
        this.seed = seed;
        Parameters parameters = Parameters.of(spec);
        this.connections = (int) parameters.number("connections", 200, 1, CONNECTIONS_MAX);
        String what = parameters.choice("what", Nonsense.words());
        this.kinds = Nonsense.named(what);
        parameters.requireAllKnown();
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        victims = site.roles().resolve(spec.target(), seed);
        var random = new SplittableRandom(seed);
        long startNanos = System.nanoTime();
        for (int i = 0; i < connections && System.nanoTime() - startNanos < ARM_TIMEOUT.toNanos(); i++) {
            for (int id : victims) {
                approach(BrokerAddress.parse(site.cluster().address(id)), kinds.get(i % kinds.size()), random);
            }
        }
        return victims;
    }

    private void approach(BrokerAddress broker, Nonsense kind, SplittableRandom random) {
        var socket = new Socket();
        open.add(socket);
        try {
            socket.connect(new InetSocketAddress(broker.host(), broker.port()), CONNECT_TIMEOUT_MILLIS);
            kind.send(socket.getOutputStream(), random);
            sent.merge(kind, 1, Integer::sum);
        } catch (IOException turnedAway) {
            refused++; // which is a good answer
        }
    }

    @Override
    public String verify() {
        if (sent.isEmpty()) {
            throw new FaultException("none of " + refused + " connections to " + Site.names(victims) + " was taken");
        }
        long startNanos = System.nanoTime();
        Site.await(
                PROOF_TIMEOUT,
                Site.names(victims) + " to answer others",
                () -> victims.stream().noneMatch(id -> site.roles().replicas(id).isEmpty()),
                () -> site.cluster().runningIds() + " run");
        return "strangers by kind " + sent + ", turned away at once " + refused + "; others were answered after "
                + Duration.ofNanos(System.nanoTime() - startNanos).toMillis() + " ms";
    }

    @Override
    public void disarm() {
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException closedAlready) {
                // By the broker.
            }
        }
        open.clear();
        site.launch(victims);
    }

    @Override
    public void settle() {
        site.awaitReady(victims);
    }
}

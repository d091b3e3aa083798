package io.flotilla.chaos.backend.local;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultRegistry;
import io.flotilla.chaos.fault.Site;
import io.flotilla.chaos.net.LinkProxies;
import io.flotilla.chaos.net.NetworkFaults;
import io.flotilla.chaos.net.ProxiedCluster;
import io.flotilla.cluster.Placement;
import io.flotilla.cluster.ProcessCluster;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** The loopback address, with proxies in front of the brokers if a fault of links may be asked for. */
final class LoopbackGround implements Ground {
    private final boolean proxied;
    private Optional<LinkProxies> proxies = Optional.empty();

    LoopbackGround(Set<FaultId> enabled) {
        this.proxied = enabled.stream().anyMatch(NetworkFaults.OF_STREAMS::contains);
    }

    @Override
    public String name() {
        return "local";
    }

    @Override
    public Placement placement() {
        return Placement.LOOPBACK;
    }

    @Override
    public void prepared(ProcessCluster cluster) throws IOException {
        if (proxied) {
            proxies = Optional.of(ProxiedCluster.front(cluster));
        }
    }

    @Override
    public void register(FaultRegistry registry, Site site) {
        proxies.ifPresent(links -> NetworkFaults.register(registry, links, site.roles()::resolve, false));
    }

    @Override
    public String bootstrap(ProcessCluster cluster) {
        return proxies.map(ProxiedCluster::bootstrap).orElseGet(cluster::bootstrap);
    }

    @Override
    public void close() {
        proxies.ifPresent(LinkProxies::close);
    }
}

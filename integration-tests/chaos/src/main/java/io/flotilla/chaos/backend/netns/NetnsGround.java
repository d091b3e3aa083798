package io.flotilla.chaos.backend.netns;

import static java.util.Objects.requireNonNull;

import io.flotilla.chaos.backend.local.Ground;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultRegistry;
import io.flotilla.chaos.fault.Site;
import io.flotilla.chaos.fault.journal.Journal;
import io.flotilla.chaos.net.NetworkFaults;
import io.flotilla.cluster.BrokerNetworks;
import io.flotilla.cluster.Ledger;
import io.flotilla.cluster.Placement;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.cluster.suite.LoopDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Network namespaces and mounted disks, all of which stand in the journal before they are made. */
final class NetnsGround implements Ground, Ledger {
    private static final Pattern PORT = Pattern.compile("(GRPC|INTERNAL)://[^,]*:(\\d+)");

    private final Path directory;
    private final Journal journal;
    private final Disks disks;
    private final List<Long> entries = new ArrayList<>();
    private final BrokerNetworks networks;
    private @Nullable NetnsLinks links;

    private NetnsGround(NetnsSettings settings, Journal journal) throws IOException {
        this.directory = settings.processes().directory();
        this.journal = journal;
        this.disks = new Disks(settings.fileSystem());
        this.networks = BrokerNetworks.make(settings.processes().brokers(), this);
    }

    static NetnsGround make(NetnsSettings settings, Journal journal) throws IOException {
        return new NetnsGround(settings, journal);
    }

    @Override
    public void enter(String kind, String what, List<String> undo) {
        entries.add(journal.add(kind, List.of(what), undo));
    }

    @Override
    public String name() {
        return "netns";
    }

    @Override
    public Placement placement() {
        return networks;
    }

    @Override
    public void prepared(ProcessCluster cluster) throws IOException {
        SortedMap<Integer, Integer> grpcPorts = new TreeMap<>();
        SortedMap<Integer, Integer> internalPorts = new TreeMap<>();
        for (int node : cluster.brokerIds()) {
            disks.make(node, directory, cluster.dataDirectory(node), this);
            Matcher port = PORT.matcher(Files.readString(cluster.configFile(node)));
            while (port.find()) {
                (port.group(1).equals("GRPC") ? grpcPorts : internalPorts)
                        .putIfAbsent(node, Integer.parseInt(port.group(2)));
            }
        }
        links = NetnsLinks.make(networks, grpcPorts, internalPorts);
    }

    @Override
    public void register(FaultRegistry registry, Site site) {
        NetworkFaults.register(registry, requireNonNull(links), site.roles()::resolve, true);
        registry.put(FaultId.FULL_DISK, (spec, seed) -> new FullDisk(site, disks, spec, seed));
        registry.put(FaultId.POWER_LOSS, (spec, seed) -> new PowerLoss(site, disks, spec, seed));
        if (disks.kind() == LoopDisk.Kind.EXT4) {
            registry.put(FaultId.READ_ONLY_DISK, (spec, seed) -> new ReadOnlyDisk(site, disks, spec, seed));
        } else {
            registry.exclude(
                    FaultId.READ_ONLY_DISK, disks.kind() + " cannot be made read-only while files are open; use ext4");
        }
    }

    @Override
    public String bootstrap(ProcessCluster cluster) {
        return cluster.bootstrap();
    }

    @Override
    public void close() {
        if (links != null) {
            links.close();
        }
        FaultException left = null;
        try {
            disks.close();
        } catch (FaultException busy) {
            left = busy;
        }
        networks.close();
        if (left != null) {
            throw left;
        }
        entries.forEach(journal::done);
        entries.clear();
    }
}

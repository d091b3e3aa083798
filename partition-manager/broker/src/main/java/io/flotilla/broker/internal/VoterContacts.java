package io.flotilla.broker.internal;

import io.flotilla.broker.config.HostPort;
import io.flotilla.broker.config.SeedList;
import io.flotilla.broker.identity.DataFolder;
import io.flotilla.broker.identity.VoterContact;
import io.flotilla.broker.metadata.Quorum;
import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.MetadataImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the metadata may be found: the voters last known, which the data folder keeps, what other brokers have told since,
 * and the seeds. A broker that starts finds the cluster by them, also when none of the first voters is there any more.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class VoterContacts {
    private static final Logger LOG = LoggerFactory.getLogger(VoterContacts.class);

    /** Brokers that others have told of; more than any cluster has voters. */
    private static final int TOLD_MAX = 100;

    private final DataFolder folder;
    private final SeedList seeds;
    private final Map<Integer, HostPort> told = new ConcurrentHashMap<>();

    /** How often a broker did not answer where it was looked for. */
    private final Map<Integer, Integer> failures = new ConcurrentHashMap<>();

    public VoterContacts(DataFolder folder, SeedList seeds) {
        this.folder = folder;
        this.seeds = seeds;
    }

    /** Brokers to be asked, those that are most likely to know first. */
    public List<Integer> brokerIds() {
        Set<Integer> ids = new LinkedHashSet<>();
        folder.identity().contacts().forEach(contact -> ids.add(contact.brokerId()));
        ids.addAll(told.keySet());
        seeds.seeds().forEach(seed -> ids.add(seed.nodeId()));
        return List.copyOf(ids);
    }

    /**
     * Where a broker may be reached: where it was last known, or, while it does not answer there, each place that it is known
     * by in turn. Its address in {@code cluster.seeds} may be newer than what the data folder keeps.
     */
    Optional<HostPort> addressOf(int brokerId) {
        List<HostPort> places = places(brokerId);
        return places.isEmpty()
                ? Optional.empty()
                : Optional.of(places.get(failures.getOrDefault(brokerId, 0) % places.size()));
    }

    /** The broker did not answer at this address. */
    void failed(int brokerId, HostPort address) {
        if (addressOf(brokerId).filter(address::equals).isPresent()) {
            failures.merge(brokerId, 1, (count, one) -> count == Integer.MAX_VALUE ? 0 : count + one);
        }
    }

    private List<HostPort> places(int brokerId) {
        Set<HostPort> places = new LinkedHashSet<>();
        Optional.ofNullable(told.get(brokerId)).ifPresent(places::add);
        folder.identity().contacts().stream()
                .filter(contact -> contact.brokerId() == brokerId)
                .map(VoterContact::grpc)
                .forEach(places::add);
        seeds.find(brokerId).map(SeedList.Seed::grpc).ifPresent(places::add);
        return List.copyOf(places);
    }

    /** What another broker says, who may not be up to date. */
    void told(Collection<VoterContact> contacts) {
        for (VoterContact contact : contacts) {
            if (told.size() < TOLD_MAX || told.containsKey(contact.brokerId())) {
                told.put(contact.brokerId(), contact.grpc());
            }
        }
    }

    /** Keeps, for good, who the voters are; nothing while they have no leader. */
    public void keep(Quorum quorum, MetadataImage image) {
        List<VoterContact> voters = new ArrayList<>();
        quorum.voters().stream().sorted().forEach(id -> image.broker(id)
                .map(BrokerRegistration::grpc)
                .ifPresent(grpc -> voters.add(new VoterContact(id, new HostPort(grpc.host(), grpc.port())))));
        if (quorum.leader().isEmpty() || voters.isEmpty()) {
            return;
        }
        try {
            folder.contacts(voters);
        } catch (IOException failure) {
            LOG.warn("cannot write down who votes on the metadata voters={}", voters, failure);
        }
    }
}

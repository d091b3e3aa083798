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

    /** Where a broker was last known to be reached. */
    Optional<HostPort> addressOf(int brokerId) {
        return Optional.ofNullable(told.get(brokerId))
                .or(() -> folder.identity().contacts().stream()
                        .filter(contact -> contact.brokerId() == brokerId)
                        .map(VoterContact::grpc)
                        .findFirst())
                .or(() -> seeds.find(brokerId).map(SeedList.Seed::grpc));
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

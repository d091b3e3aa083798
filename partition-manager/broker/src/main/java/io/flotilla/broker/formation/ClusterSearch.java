package io.flotilla.broker.formation;

import io.flotilla.broker.config.BrokerConfig;
import io.flotilla.broker.config.ConfigException;
import io.flotilla.broker.config.HostPort;
import io.flotilla.broker.config.SeedList.Seed;
import io.flotilla.broker.identity.DataFolder;
import io.flotilla.broker.identity.Identity;
import io.flotilla.broker.identity.Membership;
import io.flotilla.broker.internal.BrokerLinks;
import io.flotilla.broker.internal.v1.IdentifyResponse;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the seeds, again and again, until this broker knows the cluster it belongs to; then writes that down. */
public final class ClusterSearch {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterSearch.class);
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** How often an operator who watches the log is told what is still missing. */
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(5);

    private final BrokerConfig config;
    private final DataFolder folder;
    private final BrokerLinks links;
    private long nextReportNanos = System.nanoTime() + Duration.ofSeconds(1).toNanos();

    public ClusterSearch(BrokerConfig config, DataFolder folder, BrokerLinks links) {
        this.config = config;
        this.folder = folder;
        this.links = links;
    }

    /**
     * Returns the cluster this broker belongs to, durably known; blocks until there is one.
     *
     * @param stop ends the search when it reaches zero
     * @throws InterruptedException if stopped or interrupted
     * @throws IOException          if the membership cannot be written
     * @throws ConfigException      if the folder belongs to another cluster than a seed
     */
    public Membership run(CountDownLatch stop) throws InterruptedException, IOException {
        while (true) {
            Optional<Membership> known = folder.identity().membership();
            if (known.isPresent()) {
                requireOwnCluster();
                return known.get();
            }
            Decision decision = Formation.decide(config.nodeId(), config.seeds(), answers());
            if (decision instanceof Decision.Belong belong) {
                folder.join(belong.membership());
                LOG.info(
                        "{} cluster={} voters={}",
                        belong.formed() ? "formed" : "joined",
                        belong.membership().clusterId(),
                        belong.membership().voters().stream().map(Peer::id).toList());
                continue;
            }
            report(decision);
            if (stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("the search for a cluster was stopped");
            }
        }
    }

    /**
     * Asks the seeds whether they are of the cluster that the folder belongs to. Those that are down say nothing, and the
     * broker goes on: the whole cluster may be starting. Blocks for two seconds at most.
     *
     * @throws ConfigException if the folder belongs to another cluster than a seed
     */
    public void requireOwnCluster() {
        Optional<Membership> own = folder.identity().membership();
        if (own.isEmpty()) {
            return;
        }
        Formation.foreignTo(own.get(), answers()).ifPresent(reason -> {
            throw new ConfigException("data folder " + folder.path() + " belongs to cluster "
                    + own.get().clusterId() + ", but " + reason + "; correct data.dir or cluster.seeds");
        });
    }

    private void report(Decision decision) {
        if (System.nanoTime() - nextReportNanos < 0) {
            return;
        }
        nextReportNanos = System.nanoTime() + REPORT_INTERVAL.toNanos();
        if (decision instanceof Decision.Blocked blocked) {
            LOG.error("cannot form or join a cluster: {}", blocked.reason());
        } else if (decision instanceof Decision.Wait wait) {
            LOG.info("waiting for a cluster: {}", wait.reason());
        }
    }

    private Map<Integer, SeedAnswer> answers() {
        Map<Integer, CompletableFuture<SeedAnswer>> asked = new HashMap<>();
        for (Seed seed : config.seeds().seeds()) {
            asked.put(
                    seed.nodeId(),
                    seed.nodeId() == config.nodeId()
                            ? CompletableFuture.completedFuture(own())
                            : links.identify(seed.grpc()).thenApply(ClusterSearch::answer));
        }
        Map<Integer, SeedAnswer> answers = new HashMap<>();
        asked.forEach((nodeId, asking) -> {
            try {
                answers.put(nodeId, asking.join());
            } catch (CompletionException unreachable) {
                LOG.debug("seed {} does not answer", nodeId, unreachable);
            }
        });
        return answers;
    }

    private SeedAnswer own() {
        Identity identity = folder.identity();
        HostPort raft = config.advertised().internal();
        return new SeedAnswer(
                new Peer(identity.peerId(), raft.host(), raft.port()),
                identity.membership(),
                config.seeds().toString());
    }

    private static SeedAnswer answer(IdentifyResponse response) {
        return new SeedAnswer(
                new Peer(
                        PeerId.of(response.getNodeId(), response.getDirectoryId()),
                        response.getRaftHost(),
                        response.getRaftPort()),
                response.hasMembership()
                        ? Optional.of(new Membership(
                                response.getMembership().getClusterId(),
                                response.getMembership().getVotersList().stream()
                                        .map(voter -> new Peer(
                                                new PeerId(voter.getPeerId()),
                                                voter.getRaftHost(),
                                                voter.getRaftPort()))
                                        .toList()))
                        : Optional.empty(),
                response.getSeedList());
    }
}

package io.flotilla.chaos.selftest;

import io.flotilla.chaos.fault.Fault;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.client.PartitionDescription;
import io.flotilla.cluster.ProcessCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * One replica of a partition falls behind, another one loses what it has acknowledged since, and these two are a majority
 * for some seconds: then the third one, which has everything, comes back. Who trusts the damaged one has lost by then what
 * the third one has.
 */
final class Laggard implements Fault {
    /** A topic that all exams with this fault use. */
    private static final String TOPIC = "idempotent";

    /** Of the brokers with these numbers, from 1, the first metadata is founded. */
    private static final int METADATA_VOTERS = 3;

    private static final Duration LEADERS_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STEADY = Duration.ofMillis(500);
    private static final Duration BEHIND = Duration.ofMillis(2_500);
    private static final Duration WITHOUT_KEEPER = Duration.ofSeconds(12);

    private final ProcessCluster cluster;
    private final FaultSpec spec;
    private final Random random;
    private final Laggards.Damage damage;
    private List<Integer> actors = List.of();

    Laggard(ProcessCluster cluster, FaultSpec spec, long seed, Laggards.Damage damage) {
        this.cluster = cluster;
        this.spec = spec;
        this.random = new Random(seed);
        this.damage = damage;
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    /** Chooses a partition and its replicas' parts: the late one, which is killed, the damaged one, and the keeper. */
    @Override
    public List<Integer> arm() {
        List<PartitionDescription> partitions =
                new ArrayList<>(cluster.client().admin().describeTopic(TOPIC).partitions());
        Collections.shuffle(partitions, random);
        for (PartitionDescription partition : partitions) {
            List<Integer> replicas = new ArrayList<>(partition.replicaBrokerIds());
            Collections.shuffle(replicas, random);
            for (int damaged : List.copyOf(replicas)) {
                if (damage.mayVoteForMetadata() || damaged > METADATA_VOTERS) {
                    replicas.remove((Integer) damaged);
                    actors = List.of(replicas.get(0), damaged, replicas.get(1));
                    Laggards.kill(cluster, List.of(late()));
                    return actors;
                }
            }
        }
        throw new FaultException("no partition of " + TOPIC + " has a replica that may be damaged: " + partitions);
    }

    private int late() {
        return actors.get(0);
    }

    private int damaged() {
        return actors.get(1);
    }

    private int keeper() {
        return actors.get(2);
    }

    @Override
    public String verify() {
        try {
            awaitLeaders();
            damage.mark(cluster.dataDirectory(damaged()));
            LockSupport.parkNanos(BEHIND.toNanos());
            Laggards.kill(cluster, List.of(damaged(), keeper()));
            String done = damage.apply(cluster.dataDirectory(damaged()));
            cluster.launch(late());
            cluster.launch(damaged());
            LockSupport.parkNanos(WITHOUT_KEEPER.toNanos());
            return done + " of broker " + damaged() + ", which was with broker " + late() + ", late, for "
                    + WITHOUT_KEEPER.toSeconds() + " s without broker " + keeper();
        } catch (IOException failure) {
            throw new FaultException("broker " + damaged() + " was not damaged", failure);
        }
    }

    /** The others lead now: with a new leader members begin new files, and what was marked before would be gone. */
    private void awaitLeaders() {
        int partitions =
                cluster.client().admin().describeTopic(TOPIC).partitions().size();
        try {
            cluster.leaders().await(TOPIC, partitions, LEADERS_TIMEOUT);
        } catch (IllegalStateException leaderless) {
            throw new FaultException("without broker " + late() + " there are no leaders", leaderless);
        }
        LockSupport.parkNanos(STEADY.toNanos());
    }

    @Override
    public void disarm() {
        try {
            actors.stream().filter(broker -> !cluster.isRunning(broker)).forEach(cluster::launch);
            actors.forEach(cluster::awaitReady);
        } catch (IllegalStateException notReady) {
            throw new FaultException("not all of brokers " + actors + " came back", notReady);
        }
    }
}

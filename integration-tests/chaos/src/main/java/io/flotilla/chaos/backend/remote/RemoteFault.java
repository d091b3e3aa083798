package io.flotilla.chaos.backend.remote;

import io.flotilla.chaos.fault.Fault;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A fault that one command makes and another takes back, on each targeted broker. */
final class RemoteFault implements Fault {
    private static final int ANSWER_MILLIS = 2_000;
    private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(1);

    /**
     * Which commands.
     *
     * @param arm     makes the fault
     * @param verify  fails if it had no effect; empty if brokers that answer nobody are the proof
     * @param disarm  takes it back
     * @param silence whether the brokers do not answer meanwhile
     */
    record Commands(String arm, Optional<String> verify, String disarm, boolean silence) {}

    private final RemoteCluster cluster;
    private final FaultSpec spec;
    private final long seed;
    private final Commands commands;
    private final List<RemoteBroker> struck = new ArrayList<>();
    private final List<Long> journaled = new ArrayList<>();

    RemoteFault(RemoteCluster cluster, FaultSpec spec, long seed, Commands commands) {
        this.cluster = cluster;
        this.spec = spec;
        this.seed = seed;
        this.commands = commands;
        Parameters.of(spec).requireAllKnown();
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        List<Integer> victims = cluster.roles().resolve(spec.target(), seed);
        for (int node : victims) {
            RemoteBroker broker = cluster.broker(node);
            journaled.add(cluster.journal()
                    .add(
                            "remote",
                            List.of(commands.disarm(), "of broker " + node),
                            broker.words(commands.disarm(), Optional.empty())));
            struck.add(broker);
            if (commands.silence()) {
                cluster.silence(node);
            }
            broker.run(commands.arm(), Optional.empty());
        }
        return victims;
    }

    @Override
    public String verify() {
        List<String> proofs = new ArrayList<>();
        for (RemoteBroker broker : struck) {
            if (commands.verify().isPresent()) {
                proofs.add("broker " + broker.node() + ": "
                        + broker.run(commands.verify().get(), Optional.empty()));
            } else {
                Site.await(
                        SILENCE_TIMEOUT,
                        "broker " + broker.node() + " at " + broker.address() + " to be silent",
                        () -> !broker.answers(ANSWER_MILLIS),
                        () -> "it answers");
                proofs.add("broker " + broker.node() + " does not answer at " + broker.address());
            }
        }
        return String.join("; ", proofs);
    }

    @Override
    public void disarm() {
        for (RemoteBroker broker : struck) {
            broker.run(commands.disarm(), Optional.empty());
        }
        for (RemoteBroker broker : struck) {
            Site.await(
                    ANSWER_TIMEOUT,
                    "broker " + broker.node() + " to answer at " + broker.address(),
                    () -> broker.answers(ANSWER_MILLIS),
                    () -> "it does not, after " + broker.words(commands.disarm(), Optional.empty()));
            cluster.expectAnswers(broker.node());
        }
        journaled.forEach(cluster.journal()::done);
        journaled.clear();
        struck.clear();
    }

    /** @throws FaultException if a broker has no such command, and which */
    static void requireCommands(RemoteCluster cluster, Commands commands) {
        List<String> needed = new ArrayList<>(List.of(commands.arm(), commands.disarm()));
        commands.verify().ifPresent(needed::add);
        for (String command : needed) {
            for (int node : cluster.nodes()) {
                if (!cluster.broker(node).has(command)) {
                    throw new FaultException("broker " + node + " has no command." + command);
                }
            }
        }
    }
}

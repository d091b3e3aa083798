package io.flotilla.chaos.workload;

import io.flotilla.chaos.port.ClientPort;
import io.flotilla.chaos.port.Ports;
import java.util.SplittableRandom;

/**
 * What all workloads of a run share.
 *
 * @param bootstrap of the cluster
 */
public record Scene(
        Recorder recorder,
        Values values,
        Ports ports,
        String bootstrap,
        ClientThreads threads,
        WorkloadSettings settings) {

    /** A client of its own connections; the caller closes it. */
    public ClientPort connect() {
        return ports.connect(bootstrap, settings.callTimeout());
    }

    /** Random numbers for one purpose, which do not change when other purposes draw more or fewer. */
    SplittableRandom random(String purpose) {
        return new SplittableRandom(settings.seed() * 31 + purpose.hashCode());
    }
}

package io.flotilla.chaos.backend.local;

import io.flotilla.chaos.fault.FaultRegistry;
import io.flotilla.chaos.fault.Site;
import io.flotilla.chaos.fault.journal.Journal;
import io.flotilla.cluster.Placement;
import io.flotilla.cluster.ProcessCluster;
import java.io.IOException;

/** Where the brokers of a {@link LocalBackend} live, and what can be done to them only there. */
public interface Ground extends AutoCloseable {
    /** Makes a ground whose leavings stand in the journal; whoever asks for it closes it. */
    @FunctionalInterface
    interface Maker {
        Ground make(Journal journal) throws IOException;
    }

    /** Of the backend. */
    String name();

    /** The brokers' addresses, and how a process gets there. */
    Placement placement();

    /** Called once, when the brokers have folders and files and none has been started. */
    void prepared(ProcessCluster cluster) throws IOException;

    /** Adds the faults that are possible here. */
    void register(FaultRegistry registry, Site site);

    /** {@code host:port} of every broker, separated by commas, as clients reach them. */
    String bootstrap(ProcessCluster cluster);

    /** Called once the brokers are gone; may be called twice. */
    @Override
    void close();
}

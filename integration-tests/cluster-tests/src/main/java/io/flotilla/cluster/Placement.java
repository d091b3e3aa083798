package io.flotilla.cluster;

import java.util.List;

/** Where each broker of a cluster lives: its address, and how a process gets there. */
public interface Placement {
    /** All on the loopback address. */
    Placement LOOPBACK = new Placement() {
        @Override
        public String host(int id) {
            return "127.0.0.1";
        }

        @Override
        public List<String> launcher(int id) {
            return List.of();
        }
    };

    /** The address on which a broker listens, which this JVM and the other brokers reach. */
    String host(int id);

    /** Words before the command that starts a broker; what they run must become the broker's own process. */
    List<String> launcher(int id);
}

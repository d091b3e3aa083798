package io.flotilla.chaos.port;

import java.time.Duration;

/** Opens clients of one protocol. */
public interface Ports {
    /**
     * @param bootstrap addresses, separated by commas
     * @param timeout   how long a call may take before its outcome is unknown
     */
    ClientPort connect(String bootstrap, Duration timeout);
}

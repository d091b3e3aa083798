package io.flotilla.chaos.fault;

import java.util.List;

/**
 * One fault, from its arming to its end. It is used once, by one thread, in the order of its methods; {@link #disarm}
 * may be called twice, and after an {@link #arm} that threw.
 */
public interface Fault {
    /** What was ordered. */
    FaultSpec spec();

    /**
     * Chooses the brokers and strikes them.
     *
     * @return node ids of those struck
     * @throws FaultException if that is not possible, and why
     */
    List<Integer> arm();

    /**
     * Proves that the fault took effect; may wait for the proof for some seconds. Called while it is armed, except for
     * faults whose effect shows only afterwards.
     *
     * @return the proof in words: what was measured
     * @throws FaultException if it cannot be proved: the run then proves nothing, and fails
     */
    String verify();

    /**
     * Takes the fault back, and starts what it has stopped: afterwards every broker's process runs. Whether it serves again
     * is another question, see {@link LingeringFault}.
     *
     * @throws FaultException if something is left of it, and what
     */
    void disarm();
}

package io.flotilla.chaos.fault;

/**
 * A fault whose brokers need a while to come back. {@link #disarm} begins that and does not wait, so that other faults of
 * the same time are not held longer than they were meant to be; {@link #settle} waits, once all are taken back.
 */
public interface LingeringFault extends Fault {
    /**
     * Waits until the brokers run again; may be called after a {@link #disarm} that threw.
     *
     * @throws FaultException if one does not, and why
     */
    void settle();
}

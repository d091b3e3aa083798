package io.flotilla.chaos.fault;

/** A fault could not be armed, has had no effect, or could not be taken back. */
public final class FaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FaultException(String message) {
        super(message);
    }

    public FaultException(String message, Throwable cause) {
        super(message, cause);
    }
}

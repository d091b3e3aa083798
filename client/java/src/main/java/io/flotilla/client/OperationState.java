package io.flotilla.client;

/** Where a long operation stands. */
public enum OperationState {
    RUNNING,
    DONE,
    FAILED,
    CANCELLED,
    /** One that this client does not know, told by a newer broker. */
    UNKNOWN
}

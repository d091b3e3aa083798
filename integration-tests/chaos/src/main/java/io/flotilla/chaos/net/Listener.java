package io.flotilla.chaos.net;

/** The listeners of a broker that others reach through links; the one for metrics is not disturbed. */
public enum Listener {
    /** For clients and brokers. */
    GRPC,
    /** For Raft. */
    INTERNAL
}

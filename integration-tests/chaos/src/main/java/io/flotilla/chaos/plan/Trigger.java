package io.flotilla.chaos.plan;

/** Something in the run that a fault is to follow at once. */
public enum Trigger {
    /** It follows nothing. */
    NONE,
    /** A record was just acknowledged. */
    ACK,
    /** A broker just voted in an election. */
    VOTE,
    /** A partition has just got another leader. */
    LEADER
}

package io.flotilla.controlplane;

/** What a worker does with a name that only it uses. */
enum Call {
    /** While no topic has the name. */
    CREATE,
    /** While a topic has the name: refused, or answered with that very topic. */
    CREATE_AGAIN,
    /** With grace, so that the topic can be undeleted. */
    DELETE,
    DELETE_NOW,
    /** While no topic has the name. */
    DELETE_MISSING,
    /** By its id, while no topic has the name. */
    UNDELETE,
    /** Deletes a deleted topic by its id. */
    PURGE
}

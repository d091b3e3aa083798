package io.flotilla.chaos.run;

/** Looks at the cluster now and then, and writes what it sees. */
interface Observer {
    /** One look, on the observers' thread; bounded in time. */
    void look();
}

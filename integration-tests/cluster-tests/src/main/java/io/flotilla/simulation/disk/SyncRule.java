package io.flotilla.simulation.disk;

/** What becomes of syncs. An honest disk does them all; others are for proving that a simulation notices. */
@FunctionalInterface
public interface SyncRule {
    SyncRule HONEST = (name, folder) -> Fate.DONE;

    /** What becomes of one sync, which always returns as if it were done. */
    enum Fate {
        DONE,
        DROPPED,
        /** Done together with the next sync of a folder. */
        DELAYED
    }

    /**
     * @param name   of the file or folder, without its parents
     * @param folder whether it is a folder
     */
    Fate of(String name, boolean folder);
}

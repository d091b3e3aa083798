package io.flotilla.cli;

/**
 * Runs an action when the process is told to stop by Ctrl-C or SIGTERM, before it exits with the JVM's own status: 130
 * for Ctrl-C, 143 for SIGTERM. The action bounds its own time.
 */
final class Interruption implements AutoCloseable {
    private final Thread hook;

    private Interruption(Thread hook) {
        this.hook = hook;
    }

    /** The caller closes it when there is nothing left to end in order. */
    static Interruption runs(Runnable action) {
        Thread hook = new Thread(action, "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interruption(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyStopping) {
            // The action runs or has run: the process ends with the signal's status whatever happens here.
        }
    }
}

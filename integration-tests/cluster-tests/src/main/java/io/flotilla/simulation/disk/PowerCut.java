package io.flotilla.simulation.disk;

/** The disk has no power. An error, since nothing that runs on the machine could catch it. */
public final class PowerCut extends Error {
    private static final long serialVersionUID = 1;

    public PowerCut() {
        super("the simulated machine has no power");
    }
}

package io.flotilla.chaos.plant;

/** stub */
public final class Failpoints {
    static final String SCRIPT = "P6.btm";
    private Failpoints() {}
}

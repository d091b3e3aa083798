package io.flotilla.quickstart;

/** An input that the user has to change; message and remedy are for people. */
final class InputRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    InputRefused(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}

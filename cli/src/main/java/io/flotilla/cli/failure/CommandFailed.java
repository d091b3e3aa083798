package io.flotilla.cli.failure;

/** Ends a command with a failure that is explained already. */
public final class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public CommandFailed(Failure failure) {
        super(failure.what() + ": " + failure.why());
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}

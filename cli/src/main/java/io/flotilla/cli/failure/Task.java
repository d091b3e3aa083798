package io.flotilla.cli.failure;

/** A command that can say what it does, so that its failures can too. */
public interface Task {

    /** Completes the sentence "cannot …", for instance {@code create topic orders}. */
    String task();
}

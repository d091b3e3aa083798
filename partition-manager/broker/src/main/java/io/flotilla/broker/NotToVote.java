package io.flotilla.broker;

import java.io.IOException;

/** The metadata's leader does not want this broker as a voter; it goes on without. */
final class NotToVote extends IOException {
    private static final long serialVersionUID = 1L;

    NotToVote(IOException refusal) {
        super(refusal.getMessage(), refusal);
    }
}

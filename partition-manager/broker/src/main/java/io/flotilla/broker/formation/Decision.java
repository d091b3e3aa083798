package io.flotilla.broker.formation;

import io.flotilla.broker.identity.Membership;

/** What a broker without a cluster does next. */
sealed interface Decision {
    /** Ask again: not everybody that is needed has answered. */
    record Wait(String reason) implements Decision {}

    /** Ask again, but loudly: this does not heal unless an operator changes something. */
    record Blocked(String reason) implements Decision {}

    /** Belong to this cluster: one that exists, or the one that all seeds form now. */
    record Belong(Membership membership, boolean formed) implements Decision {}
}

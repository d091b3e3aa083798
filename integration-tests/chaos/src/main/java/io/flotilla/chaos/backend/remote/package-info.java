/**
 * An operator's cluster elsewhere, which this harness reaches by the client port, and strikes by commands that the operator
 * has written down: {@link io.flotilla.chaos.backend.remote.RemoteBackend}.
 */
@NullMarked
package io.flotilla.chaos.backend.remote;

import org.jspecify.annotations.NullMarked;

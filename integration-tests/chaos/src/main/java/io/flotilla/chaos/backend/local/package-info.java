/**
 * A cluster of processes on the loopback address, without any rights: {@link
 * io.flotilla.chaos.backend.local.LocalBackend}.
 */
@NullMarked
package io.flotilla.chaos.backend.local;

import org.jspecify.annotations.NullMarked;

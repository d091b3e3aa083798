/**
 * The {@code flotilla} command as users start it: {@link io.flotilla.launcher.Flotilla} puts the client commands, the
 * broker and {@code dev} under one root; {@link io.flotilla.launcher.LogSetup} decides where log lines go.
 */
@NullMarked
package io.flotilla.launcher;

import org.jspecify.annotations.NullMarked;

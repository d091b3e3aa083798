/** The port over Flotilla's own protocol, by its Java SDK. */
@NullMarked
package io.flotilla.chaos.port.grpc;

import org.jspecify.annotations.NullMarked;

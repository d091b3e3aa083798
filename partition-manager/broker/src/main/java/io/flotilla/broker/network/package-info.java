/** Through what a broker's connections go: the system's sockets, or such that somebody watches. */
@NullMarked
package io.flotilla.broker.network;

import org.jspecify.annotations.NullMarked;

/** Ports for clusters that a process starts, inside it or from it; the ports of a broker's own are its configuration's. */
@NullMarked
package io.flotilla.broker.ports;

import org.jspecify.annotations.NullMarked;

/** Clients that behave badly towards a broker. */
@NullMarked
package io.flotilla.chaos.fault.client;

import org.jspecify.annotations.NullMarked;

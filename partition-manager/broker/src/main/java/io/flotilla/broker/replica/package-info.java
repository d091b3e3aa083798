/** From a partition's public name to this broker's replica of it, or to the broker that should be asked instead. */
@NullMarked
package io.flotilla.broker.replica;

import org.jspecify.annotations.NullMarked;

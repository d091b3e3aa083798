@NullMarked
package io.flotilla.simulation.storage;

import org.jspecify.annotations.NullMarked;

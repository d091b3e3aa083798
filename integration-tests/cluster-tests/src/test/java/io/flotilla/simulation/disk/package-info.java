@NullMarked
package io.flotilla.simulation.disk;

import org.jspecify.annotations.NullMarked;

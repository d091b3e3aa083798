@NullMarked
package io.flotilla.chaos.sim;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.flotilla.chaos.plant;

import org.jspecify.annotations.NullMarked;

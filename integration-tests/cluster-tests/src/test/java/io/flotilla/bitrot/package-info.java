@NullMarked
package io.flotilla.bitrot;

import org.jspecify.annotations.NullMarked;

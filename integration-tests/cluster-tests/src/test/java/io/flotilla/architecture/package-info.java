@NullMarked
package io.flotilla.architecture;

import org.jspecify.annotations.NullMarked;

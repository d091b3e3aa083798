/** What the packages of this module may use. */
@NullMarked
package io.flotilla.chaos.architecture;

import org.jspecify.annotations.NullMarked;

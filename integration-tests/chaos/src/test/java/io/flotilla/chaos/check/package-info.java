/** Tests of the judge. */
@NullMarked
package io.flotilla.chaos.check;

import org.jspecify.annotations.NullMarked;

/** Tests of runs and of what they measure. */
@NullMarked
package io.flotilla.chaos.run;

import org.jspecify.annotations.NullMarked;

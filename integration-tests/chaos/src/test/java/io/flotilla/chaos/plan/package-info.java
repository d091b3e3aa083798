/** Tests of plans and of what they may do. */
@NullMarked
package io.flotilla.chaos.plan;

import org.jspecify.annotations.NullMarked;

/** Tests of the judge by histories that were spoilt. */
@NullMarked
package io.flotilla.chaos.check.mutation;

import org.jspecify.annotations.NullMarked;

/** Tests of how a history is written and read. */
@NullMarked
package io.flotilla.chaos.history;

import org.jspecify.annotations.NullMarked;

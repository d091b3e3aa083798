/** What operators do all the time, and too often here: replicas move, leaderships are handed over. */
@NullMarked
package io.flotilla.chaos.fault.admin;

import org.jspecify.annotations.NullMarked;

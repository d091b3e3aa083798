@NullMarked
package io.flotilla.chaos.fault.journal;

import org.jspecify.annotations.NullMarked;

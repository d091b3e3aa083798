@NullMarked
package io.flotilla.chaos.fault.shim;

import org.jspecify.annotations.NullMarked;

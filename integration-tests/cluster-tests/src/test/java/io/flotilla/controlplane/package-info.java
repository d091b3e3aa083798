@NullMarked
package io.flotilla.controlplane;

import org.jspecify.annotations.NullMarked;

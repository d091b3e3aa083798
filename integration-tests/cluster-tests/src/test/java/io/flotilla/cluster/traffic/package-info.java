@NullMarked
package io.flotilla.cluster.traffic;

import org.jspecify.annotations.NullMarked;

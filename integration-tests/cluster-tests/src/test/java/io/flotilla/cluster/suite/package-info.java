@NullMarked
package io.flotilla.cluster.suite;

import org.jspecify.annotations.NullMarked;

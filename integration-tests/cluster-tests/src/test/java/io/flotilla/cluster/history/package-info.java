@NullMarked
package io.flotilla.cluster.history;

import org.jspecify.annotations.NullMarked;

/** Stories told against clusters of real broker processes. */
@NullMarked
package io.flotilla.cluster.story;

import org.jspecify.annotations.NullMarked;

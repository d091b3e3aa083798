@NullMarked
package io.flotilla.cluster;

import org.jspecify.annotations.NullMarked;

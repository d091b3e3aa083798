@NullMarked
package io.flotilla.benchmarks.failover;

import org.jspecify.annotations.NullMarked;

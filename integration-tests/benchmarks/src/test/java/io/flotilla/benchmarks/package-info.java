@NullMarked
package io.flotilla.benchmarks;

import org.jspecify.annotations.NullMarked;

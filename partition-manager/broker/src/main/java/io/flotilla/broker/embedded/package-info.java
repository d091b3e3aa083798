/** Whole clusters inside one JVM, for development and for tests of programs that use one. */
@NullMarked
package io.flotilla.broker.embedded;

import org.jspecify.annotations.NullMarked;

/** The one pattern by which streams and waiting reads stay single-threaded without holding a thread. */
@NullMarked
package io.flotilla.broker.concurrent;

import org.jspecify.annotations.NullMarked;

/** What the Java client offers its users beyond bytes in and out, with a real broker. */
@NullMarked
package io.flotilla.sdk;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.flotilla.examples;

import org.jspecify.annotations.NullMarked;

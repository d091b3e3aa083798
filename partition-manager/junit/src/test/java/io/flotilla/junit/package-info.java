@NullMarked
package io.flotilla.junit;

import org.jspecify.annotations.NullMarked;

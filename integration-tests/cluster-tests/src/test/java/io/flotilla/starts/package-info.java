@NullMarked
package io.flotilla.starts;

import org.jspecify.annotations.NullMarked;

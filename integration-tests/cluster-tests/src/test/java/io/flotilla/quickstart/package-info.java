@NullMarked
package io.flotilla.quickstart;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.flotilla.chaos.backend.local;

import org.jspecify.annotations.NullMarked;

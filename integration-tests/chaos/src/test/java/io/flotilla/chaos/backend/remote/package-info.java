@NullMarked
package io.flotilla.chaos.backend.remote;

import org.jspecify.annotations.NullMarked;

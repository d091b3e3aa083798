@NullMarked
package io.flotilla.chaos.backend.netns;

import org.jspecify.annotations.NullMarked;

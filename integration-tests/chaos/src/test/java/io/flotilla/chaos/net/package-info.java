@NullMarked
package io.flotilla.chaos.net;

import org.jspecify.annotations.NullMarked;

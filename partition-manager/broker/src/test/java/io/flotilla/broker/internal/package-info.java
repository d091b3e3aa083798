@NullMarked
package io.flotilla.broker.internal;

import org.jspecify.annotations.NullMarked;

/** What keeps a broker's log readable. */
@NullMarked
package io.flotilla.broker.logging;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.flotilla.raftlog.catchup;

import org.jspecify.annotations.NullMarked;

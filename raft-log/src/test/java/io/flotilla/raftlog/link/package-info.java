@NullMarked
package io.flotilla.raftlog.link;

import org.jspecify.annotations.NullMarked;

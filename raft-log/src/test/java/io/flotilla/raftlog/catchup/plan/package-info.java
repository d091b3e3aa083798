@NullMarked
package io.flotilla.raftlog.catchup.plan;

import org.jspecify.annotations.NullMarked;

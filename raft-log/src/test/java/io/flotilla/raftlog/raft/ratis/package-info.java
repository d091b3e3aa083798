/** Tests of the Ratis adapter: real servers on the loopback address, real files, a state that keeps a list. */
@NullMarked
package io.flotilla.raftlog.raft.ratis;

import org.jspecify.annotations.NullMarked;

/** What a group may expect of its transport, told as stories that every transport has to pass. */
@NullMarked
package io.flotilla.raftlog.raft.ratis.conformance;

import org.jspecify.annotations.NullMarked;

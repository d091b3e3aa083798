/** Tests of the transport's parts; three hosts that use it are one package above. */
@NullMarked
package io.flotilla.raftlog.raft.ratis.transport;

import org.jspecify.annotations.NullMarked;

/** Tests of what proves who a host is, and an authority that signs for tests. */
@NullMarked
package io.flotilla.raftlog.raft.tls;

import org.jspecify.annotations.NullMarked;

/**
 * With what hosts prove to each other who they are. {@link io.flotilla.raftlog.raft.tls.TlsFiles} says where it lies,
 * {@link io.flotilla.raftlog.raft.tls.TlsIdentity} is what was read and found fit, {@link
 * io.flotilla.raftlog.raft.tls.PeerCertificate} reads who a certificate speaks for. The transport does the talking.
 * Everything here is immutable.
 */
@NullMarked
package io.flotilla.raftlog.raft.tls;

import org.jspecify.annotations.NullMarked;

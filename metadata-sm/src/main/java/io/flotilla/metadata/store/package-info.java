/**
 * The bytes of the metadata: how commands, outcomes and images are encoded, and the snapshot file.
 *
 * <p>Durable bytes are framed alike, numbers big-endian:
 *
 * <pre>
 * offset  size  field
 *      0     4  magic: 'FLMC' for a command in the Raft log, 'FLMS' for a snapshot file
 *      4     2  format version, now 1
 *      6     2  reserved, 0
 *      8     4  length of the payload in bytes
 *     12     4  CRC-32C of bytes 0 to 11 and the payload
 *     16     n  payload: a protobuf message of package flotilla.metadata.v1
 * </pre>
 */
@NullMarked
package io.flotilla.metadata.store;

import org.jspecify.annotations.NullMarked;

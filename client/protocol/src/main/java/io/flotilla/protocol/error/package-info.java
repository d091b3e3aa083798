/**
 * What can go wrong, in one list: {@link io.flotilla.protocol.error.ErrorCode} is the stable name of each reason,
 * {@link io.flotilla.protocol.error.LogException} carries it through the code, and each edge maps it to its protocol.
 */
@NullMarked
package io.flotilla.protocol.error;

import org.jspecify.annotations.NullMarked;

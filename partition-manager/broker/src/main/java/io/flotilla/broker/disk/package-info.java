/**
 * What a broker does when its disk lets it down: {@link io.flotilla.broker.disk.SpaceLevel} decides when it is too full,
 * {@link io.flotilla.broker.disk.DiskProbe} whether it still writes, and {@link io.flotilla.broker.disk.DiskGuard} acts
 * on both.
 */
@NullMarked
package io.flotilla.broker.disk;

import org.jspecify.annotations.NullMarked;

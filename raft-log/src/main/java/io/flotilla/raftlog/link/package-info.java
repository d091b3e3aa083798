/**
 * A way to break a host's connections on purpose, for clusters that live inside a test: a {@link
 * io.flotilla.raftlog.link.LinkWatch} learns of every connection and may hold or reset it. Without one no connection carries
 * anything of this package.
 */
@NullMarked
package io.flotilla.raftlog.link;

import org.jspecify.annotations.NullMarked;

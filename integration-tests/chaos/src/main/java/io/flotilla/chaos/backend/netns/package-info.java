/**
 * A cluster of processes on this machine, each in a network namespace and on a file system of its own, so that the kernel
 * loses packets, and disks lose power: {@link io.flotilla.chaos.backend.netns.NetnsBackend}. It needs root.
 */
@NullMarked
package io.flotilla.chaos.backend.netns;

import org.jspecify.annotations.NullMarked;

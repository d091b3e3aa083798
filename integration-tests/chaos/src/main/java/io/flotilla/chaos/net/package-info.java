/**
 * What lies between brokers, and between clients and brokers: directed {@linkplain io.flotilla.chaos.net.Links links}
 * that can be cut, reset, slowed and narrowed, and the faults made of that. On loopback, without root, every link leads
 * through a {@linkplain io.flotilla.chaos.net.LinkProxies proxy}; in network namespaces the kernel's packet filter is
 * told.
 */
@NullMarked
package io.flotilla.chaos.net;

import org.jspecify.annotations.NullMarked;

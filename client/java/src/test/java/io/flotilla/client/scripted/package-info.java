/**
 * Brokers whose misbehaviour is scripted: they keep the wire contract over real sockets, hold records in memory without
 * replication, and fail when and how a test says.
 */
@NullMarked
package io.flotilla.client.scripted;

import org.jspecify.annotations.NullMarked;

/**
 * Talk between brokers, {@code flotilla.internal.v1}: {@link io.flotilla.broker.internal.BrokerLinks} calls the others,
 * {@link io.flotilla.broker.internal.InternalEndpoint} answers them.
 */
@NullMarked
package io.flotilla.broker.internal;

import org.jspecify.annotations.NullMarked;

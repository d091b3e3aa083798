/**
 * How interceptors are called. No public API.
 *
 * <p>{@link io.flotilla.client.intercept.SendInterceptors} stands in front of the producer, {@link
 * io.flotilla.client.intercept.ReadInterceptors} behind the consumer; {@link io.flotilla.client.intercept.Observers} keeps
 * the failures of those that only watch from everybody else.
 */
@NullMarked
package io.flotilla.client.intercept;

import org.jspecify.annotations.NullMarked;

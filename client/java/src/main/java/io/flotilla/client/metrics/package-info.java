/**
 * What a client tells of its work. Public API.
 *
 * <p>{@link io.flotilla.client.metrics.ClientMetrics} is what producers and consumers call; with its default, which does
 * nothing, that costs them next to nothing. {@link io.flotilla.client.metrics.MicrometerMetrics} gives it to a registry of
 * Micrometer, which no other class of the client knows; {@link io.flotilla.client.metrics.ClientMeter} is the catalogue.
 */
@NullMarked
package io.flotilla.client.metrics;

import org.jspecify.annotations.NullMarked;

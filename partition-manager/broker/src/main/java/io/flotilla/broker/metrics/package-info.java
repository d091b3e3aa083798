/**
 * What a broker measures of itself. {@link io.flotilla.broker.metrics.Metric} is the catalogue: every metric is one of its
 * constants, or one of the JVM's in {@link io.flotilla.broker.metrics.RuntimeMetrics}, and {@code deploy/docs/metrics.md}
 * is made from it.
 *
 * <p>What happens often is counted where it happens, by {@link io.flotilla.broker.metrics.ClientMetrics} and
 * {@link io.flotilla.broker.metrics.RaftMetrics}: some tens of nanoseconds and no allocation for each event, which is why
 * these are plain adders and not Micrometer's timers. What has a state is asked for it at each scrape. Both are told
 * through {@link io.flotilla.broker.metrics.Samples}; Micrometer brings the JVM's metrics and the text.
 *
 * <p>The only package that knows Micrometer and Prometheus.
 */
@NullMarked
package io.flotilla.broker.metrics;

import org.jspecify.annotations.NullMarked;

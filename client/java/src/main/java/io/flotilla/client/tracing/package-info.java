/**
 * Traces that go on behind the log: the producer's trace context travels in the headers of each record. Public API; needs
 * {@code io.opentelemetry:opentelemetry-api} on the class path, which no other package of the client does.
 */
@NullMarked
package io.flotilla.client.tracing;

import org.jspecify.annotations.NullMarked;

/**
 * What users of the SDK rely on, measured and judged: clusters inside their tests' JVM start quickly and leave nothing
 * behind. {@link io.flotilla.starts.SdkSuite} is {@code integration-tests/run sdk}.
 */
@NullMarked
package io.flotilla.starts;

import org.jspecify.annotations.NullMarked;

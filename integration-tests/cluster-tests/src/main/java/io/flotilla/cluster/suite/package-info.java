/**
 * Long runs against clusters of real processes, behind {@code integration-tests/run}. A run is planned from one seed
 * ({@link io.flotilla.cluster.suite.FaultPlan}), told as it goes, and ends in a line {@code VERDICT <suite> PASS …} or
 * {@code VERDICT <suite> FAIL …}; the same seed plans the same run, though the machine times it differently.
 */
@NullMarked
package io.flotilla.cluster.suite;

import org.jspecify.annotations.NullMarked;

/**
 * The chaos harness and its judge. A run starts a cluster on a {@linkplain io.flotilla.chaos.backend backend}, uses it
 * through {@linkplain io.flotilla.chaos.workload workloads}, breaks it by {@linkplain io.flotilla.chaos.fault faults}
 * that a seeded {@linkplain io.flotilla.chaos.plan plan} has chosen beforehand, and writes all that was done and seen as
 * a {@linkplain io.flotilla.chaos.history history}. The {@linkplain io.flotilla.chaos.check checkers} read nothing but
 * the history, so that anybody can judge it again; the {@linkplain io.flotilla.chaos.report report} shows it.
 */
@NullMarked
package io.flotilla.chaos;

import org.jspecify.annotations.NullMarked;

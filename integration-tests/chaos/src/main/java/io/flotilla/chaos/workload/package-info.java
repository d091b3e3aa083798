/**
 * What uses the cluster while it is broken. A {@link io.flotilla.chaos.workload.Workload} is a few client threads; each does
 * one small step after the other and writes what it asked and what it was told through the
 * {@link io.flotilla.chaos.workload.Recorder}. {@link io.flotilla.chaos.workload.ClientThreads} watches that every step
 * comes to an end.
 *
 * <p>After an unknown outcome a client goes on under new numbers. The Java SDK's producer itself stays open: it tells of
 * each record whether it may be stored, and takes a new identity for those behind it, so that closing it would only keep
 * that path from being tested.
 */
@NullMarked
package io.flotilla.chaos.workload;

import org.jspecify.annotations.NullMarked;

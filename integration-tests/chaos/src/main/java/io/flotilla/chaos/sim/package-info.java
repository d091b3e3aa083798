/**
 * Sim-A: many short lives of one partition in one process. A {@link io.flotilla.chaos.sim.SimA} runs three or five real
 * replicas, with the real state, storage and Raft server, over a network in memory that loses, delays, doubles, reorders
 * and cuts by a seed. {@link io.flotilla.chaos.sim.SimPlan} decides from the seed what is done to them; producers and
 * readers use the partition meanwhile; {@link io.flotilla.chaos.sim.SimHistory} knows what was asked and answered, and at
 * the end {@link io.flotilla.chaos.sim.SimJudge} compares it with what all replicas hold.
 *
 * <p>What is deterministic: the plan, what producers send, and what happens to the n-th message of a path. What is not:
 * threads and clocks are real, so which message is the n-th differs between runs of one seed. A seed that fails is tried
 * again, and fails at a rate.
 */
@NullMarked
package io.flotilla.chaos.sim;

import org.jspecify.annotations.NullMarked;

/**
 * Clusters that change while clients write: brokers come and go, disks are wiped, replicas move, the metadata loses its
 * leader or its quorum. {@link io.flotilla.membership.MembershipSuite} is {@code integration-tests/run membership}; each
 * {@link io.flotilla.membership.Scenario} is one story with real broker processes, and {@link
 * io.flotilla.membership.ScenarioRun} the frame that all share: the cluster, the traffic, the judgement of what clients
 * saw.
 */
@NullMarked
package io.flotilla.membership;

import org.jspecify.annotations.NullMarked;

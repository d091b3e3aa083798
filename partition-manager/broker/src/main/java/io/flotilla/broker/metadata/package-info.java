/**
 * The cluster's metadata as this broker has it: {@link io.flotilla.broker.metadata.VoterMetadata} beside a voter in this
 * process, {@link io.flotilla.broker.metadata.FollowedMetadata} over a stream from one of the voters.
 * {@link io.flotilla.broker.metadata.SwitchingMetadata} changes from one to the other while the broker runs. Both submit
 * commands through {@link io.flotilla.broker.metadata.CommandForwarder}, which finds the leader. The images survive the
 * loss of the metadata's quorum: whatever was known goes on being served.
 */
@NullMarked
package io.flotilla.broker.metadata;

import org.jspecify.annotations.NullMarked;

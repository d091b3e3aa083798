package io.flotilla.broker.identity;

import io.flotilla.broker.config.HostPort;

/**
 * A broker that votes on the metadata, or did when it was last heard of.
 *
 * @param grpc where other brokers reach it
 */
public record VoterContact(int brokerId, HostPort grpc) {}

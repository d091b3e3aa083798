package io.flotilla.client.producer;

/**
 * Under which id a producer numbers its batches of a partition.
 *
 * @param producerId unique over the cluster, for ever
 */
record ProducerIdentity(long producerId, short producerEpoch) {}

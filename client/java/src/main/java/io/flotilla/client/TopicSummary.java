package io.flotilla.client;

/**
 * A topic in a list.
 *
 * @param topicId 32 hexadecimal digits; differs between two topics of one name that live one after the other
 */
public record TopicSummary(String name, String topicId, int partitionCount, int replicationFactor) {}

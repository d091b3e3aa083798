package io.flotilla.client;

import java.time.Duration;
import java.time.Instant;

/**
 * A topic that was deleted and can be brought back, see {@link Admin#undeleteTopic}.
 *
 * @param topic     as it was
 * @param deletedAt when it was deleted
 * @param purgeAt   when its records go
 * @param timeLeft  time until then by the clock of the broker that answered; zero if they go any moment
 */
public record DeletedTopic(TopicSummary topic, Instant deletedAt, Instant purgeAt, Duration timeLeft) {}

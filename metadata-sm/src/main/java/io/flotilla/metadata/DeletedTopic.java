package io.flotilla.metadata;

/**
 * A topic that was deleted and can be undeleted: its name is free, its replicas stay on their disks.
 *
 * @param topic           as it was when it was deleted
 * @param deletedAtMillis by the clock of the broker that took the request, milliseconds since the epoch
 * @param purgeAtMillis   from when on it may be purged, by any broker's clock, milliseconds since the epoch
 */
public record DeletedTopic(Topic topic, long deletedAtMillis, long purgeAtMillis) {}

package io.flotilla.broker.health;

/**
 * Something that is not as it should be.
 *
 * @param subject what: {@code metadata}, {@code partition orders-3}
 * @param reason  why, for a person to read
 */
public record Problem(String subject, String reason) {}

/**
 * The consumer. No public API.
 *
 * <p>{@link io.flotilla.client.consumer.Fetcher} keeps one read stream to each leader broker and fills a bounded buffer
 * of chunks; {@link io.flotilla.client.consumer.CreditAccount} is the bound. {@code poll} decodes chunks on the user's
 * thread with {@link io.flotilla.client.consumer.ChunkReader}. {@link io.flotilla.client.consumer.Cursor} is what is
 * known about one assigned partition.
 */
@NullMarked
package io.flotilla.client.consumer;

import org.jspecify.annotations.NullMarked;

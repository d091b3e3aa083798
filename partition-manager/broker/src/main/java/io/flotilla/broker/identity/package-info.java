/**
 * Who this broker is: {@link io.flotilla.broker.identity.DataFolder} owns the folder for the process's life, and its
 * file {@code meta.properties} says to which node and cluster the data belongs.
 *
 * <p>Durable format of {@code meta.properties}: UTF-8 lines {@code key=value}; first {@code format.version=1} (the
 * magic and version), last {@code crc32c=} with 8 hexadecimal digits over all bytes before that line.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><td>{@code node.id}</td><td>0 or more</td></tr>
 * <tr><td>{@code directory.id}</td><td>16 hexadecimal digits, random, made when the folder was first used</td></tr>
 * <tr><td>{@code cluster.id}</td><td>absent until the broker has formed or joined a cluster</td></tr>
 * <tr><td>{@code metadata.voters}</td><td>the first voters of the metadata group, with {@code cluster.id}:
 * {@code <peer id>@host:port}, separated by commas</td></tr>
 * <tr><td>{@code metadata.started}</td><td>{@code true} once this broker has started its voter</td></tr>
 * <tr><td>{@code metadata.retired}</td><td>{@code true} while that voter has left the group</td></tr>
 * <tr><td>{@code metadata.contacts}</td><td>the voters when they were last known, and their gRPC addresses:
 * {@code <node id>@host:port}, separated by commas</td></tr>
 * </table>
 *
 * <p>{@code meta.properties.copy} holds the same once more; one of the two is enough, and repairs the other.
 */
@NullMarked
package io.flotilla.broker.identity;

import org.jspecify.annotations.NullMarked;

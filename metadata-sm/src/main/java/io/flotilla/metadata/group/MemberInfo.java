package io.flotilla.metadata.group;

import java.util.Optional;

/**
 * What a member says of itself as it joins, and what holds for it from then on.
 *
 * @param id                      chosen by the member, never used again
 * @param instanceId              of a static member: its successor of the same instance gets what it had
 * @param clientId                as the client calls itself, for operators
 * @param host                    from which it joined, for operators
 * @param assignor                by which it wants partitions shared out, if it cares
 * @param sessionTimeoutMillis    silence after which it is removed
 * @param revocationTimeoutMillis time that it has to acknowledge what is taken from it
 */
public record MemberInfo(
        String id,
        Optional<String> instanceId,
        String clientId,
        String host,
        Optional<AssignorKind> assignor,
        int sessionTimeoutMillis,
        int revocationTimeoutMillis) {}

/**
 * Consumer groups whose members are restarted and killed, and whose coordinator is: {@link io.flotilla.groups.GroupsSuite} is
 * {@code integration-tests/run groups}. {@code GroupMember}s note what happens to them in a {@code GroupHistory}; {@code
 * GroupJudgement} finds what must not be in one: records that nobody processed, commits that ran ahead or back, two readers
 * of a partition, partitions without a reader for long.
 */
@NullMarked
package io.flotilla.groups;

import org.jspecify.annotations.NullMarked;

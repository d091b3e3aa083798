package io.flotilla.groups;

import io.flotilla.client.TopicPartition;
import io.flotilla.groups.GroupEvent.Assigned;
import io.flotilla.groups.GroupEvent.Cause;
import io.flotilla.groups.GroupEvent.Committed;
import io.flotilla.groups.GroupEvent.Processed;
import io.flotilla.groups.GroupEvent.Released;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a group's history must not contain.
 *
 * <ul>
 *   <li>a record that nobody processed, or that was skipped in front of one that was;
 *   <li>a commit of more than was processed, or, in one tenure, of less than the commit before;
 *   <li>a tenure that begins before an offset whose commit had been acknowledged when it began;
 *   <li>a commit that was accepted though it was begun after another member had the partition;
 *   <li>two members that read a partition at a time, unless the first is killed or cut off.
 * </ul>
 */
final class GroupJudgement {
    private static final int COMPLAINTS_MAX = 20;

    private final List<String> complaints = new ArrayList<>();
    private long processed;
    private long distinct;
    private long commits;
    private long tenures;
    private long takeOvers;
    private final Set<Reader> lostLater = new HashSet<>();
    private final List<Long> handOversNanos = new ArrayList<>();
    private final long sharedOutNanos;
    private long longestGapNanos;

    /** A member that has read a partition since then. */
    private record Reader(TopicPartition partition, String member, long sinceNanos) {}

    /** What is known of a partition at a point of the history. */
    private final class Course {
        private final TopicPartition partition;
        private @Nullable String holder;
        private @Nullable Released released;
        private boolean fresh = true;
        private long holderSinceNanos;
        private long next;
        private long seen;
        private long committed;

        Course(TopicPartition partition) {
            this.partition = partition;
        }

        void assigned(Assigned event) {
            tenures++;
            if (holder != null && lostLater.contains(new Reader(partition, holder, holderSinceNanos))) {
                takeOvers++;
            } else if (holder != null) {
                complain(partition + " was given to " + event.member() + " while " + holder + " still read it");
            }
            Released before = released;
            if (before != null) {
                noteGap(before, event.atNanos());
            }
            holder = event.member();
            holderSinceNanos = event.atNanos();
            fresh = true;
        }

        private void noteGap(Released before, long atNanos) {
            if (atNanos - sharedOutNanos < 0) {
                return; // members were still coming
            }
            long gap = atNanos - before.atNanos();
            longestGapNanos = Math.max(longestGapNanos, gap);
            if (before.cause() == Cause.HANDED_OVER) {
                handOversNanos.add(gap);
            }
        }

        void released(Released event) {
            // One that was cut off hears of its loss late, perhaps when another has the partition already.
            if (event.member().equals(holder)) {
                holder = null;
                released = event;
            } else if (event.cause() == Cause.HANDED_OVER) {
                complain(partition + " was handed over by " + event.member() + " while " + holder + " read it");
            }
        }

        void processed(Processed event) {
            processed += event.to() - event.from();
            distinct += Math.max(0, event.to() - Math.max(seen, event.from()));
            if (!event.member().equals(holder)) {
                return; // one that is cut off and does not know yet: what it does can only be done again
            }
            if (event.from() > seen) {
                complain(partition + " skips from " + seen + " to " + event.from() + " at " + event.member());
            }
            if (fresh && event.from() < committed) {
                complain(partition + " begins at " + event.from() + " with " + event.member() + ", though " + committed
                        + " was committed");
            }
            if (!fresh && event.from() != next) {
                complain(partition + " goes from " + next + " to " + event.from() + " at " + event.member());
            }
            fresh = false;
            next = event.to();
            seen = Math.max(seen, event.to());
        }

        void committed(Committed event) {
            commits++;
            String current = holder;
            boolean byAnother = current != null && !current.equals(event.member());
            if (byAnother && event.begunNanos() > holderSinceNanos) {
                complain(partition + ": a commit of " + event.member() + " was accepted while " + current + " read it");
            }
            if (event.offset() > seen) {
                complain(partition + ": " + event.offset() + " was committed by " + event.member() + ", but only "
                        + seen + " was processed");
            }
            if (event.offset() < committed) {
                complain(partition + " goes back from commit " + committed + " to " + event.offset() + " of "
                        + event.member());
            }
            committed = Math.max(committed, event.offset());
        }
    }

    /**
     * @param sharedOutNanos since when all members are there and have their partitions: gaps before do not count
     */
    private GroupJudgement(long sharedOutNanos) {
        this.sharedOutNanos = sharedOutNanos;
    }

    /**
     * @param ends           behind the last record of each partition
     * @param sharedOutNanos when all members were there and had their partitions: gaps that end before do not count
     */
    static GroupJudgement of(GroupHistory history, Map<TopicPartition, Long> ends, long sharedOutNanos) {
        GroupJudgement judgement = new GroupJudgement(sharedOutNanos);
        Map<TopicPartition, Course> courses = new TreeMap<>();
        ends.keySet().forEach(partition -> courses.put(partition, judgement.new Course(partition)));
        List<GroupEvent> events = history.events();
        judgement.findLosses(events);
        events.forEach(event -> judgement.follow(courses, event));
        courses.forEach((partition, course) -> {
            long end = ends.getOrDefault(partition, 0L);
            if (course.seen < end) {
                judgement.complain(partition + " was processed up to " + course.seen + " of " + end);
            }
        });
        return judgement;
    }

    /** Finds those that hear only later that a partition was taken from them: they were cut off when it was. */
    private void findLosses(List<GroupEvent> events) {
        Map<Reader, Long> readers = new HashMap<>();
        for (GroupEvent event : events) {
            if (event instanceof Assigned assigned) {
                readers.put(new Reader(assigned.partition(), assigned.member(), 0), assigned.atNanos());
            } else if (event instanceof Released released && released.cause() != Cause.HANDED_OVER) {
                Long since = readers.get(new Reader(released.partition(), released.member(), 0));
                if (since != null) {
                    lostLater.add(new Reader(released.partition(), released.member(), since));
                }
            }
        }
    }

    private void follow(Map<TopicPartition, Course> courses, GroupEvent event) {
        if (event instanceof Assigned assigned) {
            courseOf(courses, assigned.partition()).assigned(assigned);
        } else if (event instanceof Released released) {
            courseOf(courses, released.partition()).released(released);
        } else if (event instanceof Processed done) {
            courseOf(courses, done.partition()).processed(done);
        } else if (event instanceof Committed committed) {
            courseOf(courses, committed.partition()).committed(committed);
        }
    }

    private Course courseOf(Map<TopicPartition, Course> courses, TopicPartition partition) {
        return courses.computeIfAbsent(partition, Course::new);
    }

    private void complain(String complaint) {
        if (complaints.size() < COMPLAINTS_MAX) {
            complaints.add(complaint);
        }
    }

    /** At most {@value #COMPLAINTS_MAX}; none if all is well. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Records processed, repetitions included. */
    long processed() {
        return processed;
    }

    /** Records that were processed more than once, each time but the first. */
    long repeated() {
        return processed - distinct;
    }

    long commits() {
        return commits;
    }

    /** How often a member was given a partition. */
    long tenures() {
        return tenures;
    }

    /** How often a partition was taken from a member that was cut off and had not heard of it yet. */
    long takeOvers() {
        return takeOvers;
    }

    /**
     * Time between a member's giving up a partition in order and the next one's beginning with it.
     *
     * @param percent 0 to 100, of all such times the percentile; 0 if there was none
     */
    long handOverNanos(int percent) {
        List<Long> sorted = handOversNanos.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    /** The same, those included that were killed or cut off. */
    long longestGapNanos() {
        return longestGapNanos;
    }
}

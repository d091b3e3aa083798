package io.flotilla.broker.group;

import io.flotilla.metadata.MetadataImage;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a member wants to read. A pattern lives as long as the member's stream; what is replicated are the names it matches,
 * so a member that comes back on another stream brings its pattern with it.
 *
 * @param names of topics that need not exist
 */
public record Subscription(SortedSet<String> names, Optional<TopicPattern> pattern) {
    /** The names, and those of the topics there are that the pattern matches. */
    public SortedSet<String> topics(MetadataImage image) {
        NavigableSet<String> topics = new TreeSet<>(names);
        pattern.ifPresent(wanted ->
                image.topics().keySet().stream().filter(wanted::matches).forEach(topics::add));
        return topics;
    }
}

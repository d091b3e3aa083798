package io.flotilla.metadata.group;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Gives members the same number of partitions and moves as few as it takes.
 *
 * <ol>
 *   <li>Whoever has a partition keeps it, while it subscribes to the topic.
 *   <li>A partition without owner goes to the subscriber that has the fewest; those with the fewest subscribers first.
 *   <li>While somebody has at least two more than a subscriber of one of its topics, one of that topic's moves.
 * </ol>
 *
 * With equal subscriptions the counts are then within 1 of each other, and no more has moved than had to: each move takes
 * from one that has more than its share. Each move lowers the sum of the squares of the counts, so it ends. Takes
 * O((members + moves) log members) for equal subscriptions, times the number of different subscriptions else.
 */
public final class UniformAssignor implements Assignor {
    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public SortedMap<String, Set<PartitionId>> assign(
            SortedMap<String, SortedSet<String>> subscriptions,
            SubscribedTopics topics,
            Map<String, Set<PartitionId>> before) {
        Sharing sharing = new Sharing(subscriptions, topics);
        sharing.keep(before);
        sharing.giveOrphans();
        sharing.balance();
        return sharing.shares();
    }

    /** Members that subscribe to the same; those with the fewest partitions first. */
    private static final class Crowd {
        final SortedSet<String> topics;
        final TreeSet<Share> shares = new TreeSet<>(Share.BY_COUNT);

        Crowd(SortedSet<String> topics) {
            this.topics = topics;
        }
    }

    /** What a member gets, by topic. */
    private static final class Share {
        static final Comparator<Share> BY_COUNT =
                Comparator.<Share>comparingInt(share -> share.count).thenComparing(share -> share.member);

        final String member;
        final Crowd crowd;
        final SortedMap<String, TreeSet<Integer>> partitions = new TreeMap<>();
        int count;

        Share(String member, Crowd crowd) {
            this.member = member;
            this.crowd = crowd;
        }

        void add(String topic, int partition) {
            crowd.shares.remove(this);
            partitions.computeIfAbsent(topic, name -> new TreeSet<>()).add(partition);
            count++;
            crowd.shares.add(this);
        }

        /** Gives the last of a topic away: a member that leaves again finds its first ones where they were. */
        int take(String topic) {
            crowd.shares.remove(this);
            TreeSet<Integer> ofTopic = Objects.requireNonNull(partitions.get(topic));
            int partition = ofTopic.last();
            ofTopic.remove(partition);
            if (ofTopic.isEmpty()) {
                partitions.remove(topic);
            }
            count--;
            crowd.shares.add(this);
            return partition;
        }
    }

    private static final class Sharing {
        private final SubscribedTopics topics;
        private final Map<SortedSet<String>, Crowd> crowds = new HashMap<>();
        private final SortedMap<String, Share> byMember = new TreeMap<>();

        /** By topic, in the order in which the crowd's first member comes. */
        private final Map<String, List<Crowd>> subscribers = new HashMap<>();

        private final Set<PartitionId> owned = new HashSet<>();

        Sharing(SortedMap<String, SortedSet<String>> subscriptions, SubscribedTopics topics) {
            this.topics = topics;
            subscriptions.forEach((member, names) -> {
                SortedSet<String> existing = new TreeSet<>(names);
                existing.retainAll(topics.byName().keySet());
                Crowd crowd = crowds.computeIfAbsent(existing, this::newCrowd);
                Share share = new Share(member, crowd);
                crowd.shares.add(share);
                byMember.put(member, share);
            });
        }

        private Crowd newCrowd(SortedSet<String> names) {
            Crowd crowd = new Crowd(names);
            names.forEach(name -> subscribers
                    .computeIfAbsent(name, topic -> new ArrayList<>())
                    .add(crowd));
            return crowd;
        }

        void keep(Map<String, Set<PartitionId>> before) {
            Map<PartitionId, String> owners = new HashMap<>();
            before.forEach((member, partitions) -> partitions.forEach(partition -> owners.put(partition, member)));
            topics.byName().forEach((name, topic) -> {
                for (int partition = 0; partition < topic.count(); partition++) {
                    String owner = owners.get(topic.at(partition));
                    Share share = owner == null ? null : byMember.get(owner);
                    if (share != null && share.crowd.topics.contains(name)) {
                        share.add(name, partition);
                        owned.add(topic.at(partition));
                    }
                }
            });
        }

        void giveOrphans() {
            List<String> rarestFirst = subscribers.keySet().stream()
                    .sorted(Comparator.comparingInt(this::subscriberCount).thenComparing(Comparator.naturalOrder()))
                    .toList();
            for (String name : rarestFirst) {
                SubscribedTopics.Partitions topic = topics.byName().get(name);
                for (int partition = 0; topic != null && partition < topic.count(); partition++) {
                    if (!owned.contains(topic.at(partition))) {
                        poorest(name).add(name, partition);
                    }
                }
            }
        }

        private List<Crowd> crowdsOf(String topic) {
            return subscribers.getOrDefault(topic, List.of());
        }

        private int subscriberCount(String topic) {
            return crowdsOf(topic).stream()
                    .mapToInt(crowd -> crowd.shares.size())
                    .sum();
        }

        private Share poorest(String topic) {
            return crowdsOf(topic).stream()
                    .map(crowd -> crowd.shares.first())
                    .min(Share.BY_COUNT)
                    .orElseThrow();
        }

        void balance() {
            while (crowds.values().stream().anyMatch(this::moveOne)) {
                // until nobody has two more than another that could take one
            }
        }

        /** From the richest that has something for somebody poorer; false if nobody of the crowd has. */
        private boolean moveOne(Crowd crowd) {
            int least = crowds.values().stream()
                    .mapToInt(any -> any.shares.first().count)
                    .min()
                    .orElse(0);
            for (Share rich : crowd.shares.descendingSet()) {
                if (rich.count - least < 2) {
                    return false;
                }
                for (String topic : rich.partitions.keySet()) {
                    Share poor = poorest(topic);
                    if (rich.count - poor.count >= 2) {
                        poor.add(topic, rich.take(topic));
                        return true;
                    }
                }
            }
            return false;
        }

        SortedMap<String, Set<PartitionId>> shares() {
            SortedMap<String, Set<PartitionId>> result = new TreeMap<>();
            byMember.forEach((member, share) -> {
                Set<PartitionId> partitions = new LinkedHashSet<>();
                share.partitions.forEach((name, numbers) -> {
                    SubscribedTopics.Partitions topic =
                            Objects.requireNonNull(topics.byName().get(name));
                    numbers.forEach(number -> partitions.add(topic.at(number)));
                });
                result.put(member, partitions);
            });
            return result;
        }
    }
}

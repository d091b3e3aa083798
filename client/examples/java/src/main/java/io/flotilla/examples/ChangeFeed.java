package io.flotilla.examples;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupSettings;
import io.flotilla.client.Position;
import io.flotilla.client.RebalanceListener;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.WakeupException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps the table {@code inventory} of PostgreSQL equal to the topic {@code inventory-changes}, whose values are as {@code
 * {"op":"u","id":7,"name":"anchor","quantity":12}} and whose keys are the ids, so that changes of one row keep their order.
 *
 * <p><b>Each change takes effect exactly once</b>, whatever is killed when: the rows and the offset of the next record are
 * written in one transaction of the database, and where to read on is asked of the database, not of the group. The group
 * only shares the partitions among the processes. One that lost a partition without knowing does no harm: what is applied
 * already it finds applied.
 *
 * <p>When the database fails, or a record is no change, the program ends with an error; started again it goes on behind the
 * last transaction. So does one that stood still in the middle of a transaction for longer than the database lets it.
 */
public final class ChangeFeed implements RebalanceListener, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);

    private static final String CHANGES = "inventory-changes";
    private static final String GROUP = "inventory-feed";

    private final GroupConsumer consumer;
    private final Inventory inventory;

    ChangeFeed(FlotillaClient client, Inventory inventory) {
        this.inventory = inventory;
        this.consumer = client.groupConsumer(GroupSettings.of(GROUP, CHANGES)
                .withAutoCommitInterval(Duration.ZERO) // the database has the offsets
                .withListener(this));
    }

    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println(
                    "usage: change-feed HOST:PORT,…; the topic inventory-changes must exist, the tables are made");
            System.exit(2);
        }
        try (StopSignal signal = StopSignal.listen();
                Connection connection = Database.connect(System.getenv());
                FlotillaClient client = FlotillaClient.connect(arguments[0]);
                ChangeFeed changeFeed = new ChangeFeed(client, Inventory.open(connection))) {
            changeFeed.run(signal);
        } catch (SQLException failure) {
            System.err.println("error: change-feed stopped: " + failure.getMessage());
            System.exit(1);
        }
    }

    private void run(StopSignal signal) throws SQLException {
        signal.wakes(consumer::wakeup);
        try {
            while (!signal.isStopping()) {
                step();
            }
        } catch (WakeupException stopped) {
            System.err.println("change-feed: stopped");
        }
    }

    /** Applies what one poll brings, each partition's records in one transaction. */
    void step() throws SQLException {
        Map<TopicPartition, List<ConsumerRecord>> changes = consumer.poll(POLL).stream()
                .collect(Collectors.groupingBy(ConsumerRecord::partition, LinkedHashMap::new, Collectors.toList()));
        for (Map.Entry<TopicPartition, List<ConsumerRecord>> entry : changes.entrySet()) {
            inventory.apply(entry.getKey(), entry.getValue());
        }
    }

    /** Leaves the group. */
    @Override
    public void close() {
        consumer.close();
    }

    /** The database says where to begin. */
    @Override
    public void onAssigned(Set<TopicPartition> partitions) {
        try {
            for (TopicPartition partition : partitions) {
                OptionalLong next = inventory.nextOffset(partition);
                consumer.seek(partition, next.isPresent() ? Position.offset(next.getAsLong()) : Position.beginning());
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(
                    "the database did not say where to begin: " + failure.getMessage(), failure);
        }
    }
}

package io.flotilla.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.TopicPartition;
import io.flotilla.junit.FlotillaTest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@FlotillaTest(topics = "inventory-changes")
class ChangeFeedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final TopicPartition CHANGES = new TopicPartition("inventory-changes", 0);

    private Optional<TemporaryPostgres> postgres = Optional.empty();

    @BeforeEach
    void startPostgres() throws Exception {
        postgres = TemporaryPostgres.start();
        assumeThat(postgres).as("PostgreSQL is installed").isPresent();
    }

    @AfterEach
    void stopPostgres() throws Exception {
        if (postgres.isPresent()) {
            postgres.get().close();
        }
    }

    private Connection connect() throws SQLException {
        return postgres.orElseThrow().connect();
    }

    private static ConsumerRecord change(long offset, String json) {
        return new ConsumerRecord(CHANGES, offset, 0, null, json.getBytes(StandardCharsets.UTF_8), List.of());
    }

    private static List<String> rows(Connection connection) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select id, name, quantity from inventory order by id")) {
            while (row.next()) {
                rows.add(row.getLong(1) + " " + row.getString(2) + " " + row.getLong(3));
            }
        }
        connection.commit();
        return rows;
    }

    @Test
    void shouldLeaveOutWhatIsAppliedAlready() throws Exception {
        try (Connection connection = connect()) {
            Inventory inventory = Inventory.open(connection);
            ConsumerRecord first = change(0, "{\"op\":\"c\",\"id\":1,\"name\":\"anchor\",\"quantity\":3}");
            ConsumerRecord second = change(1, "{\"op\":\"d\",\"id\":1}");
            inventory.apply(CHANGES, List.of(first, second));

            inventory.apply(CHANGES, List.of(first));

            assertThat(rows(connection)).isEmpty();
            assertThat(inventory.nextOffset(CHANGES)).hasValue(2);
        }
    }

    @Test
    void shouldApplyNothingOfATransactionWithARecordThatIsNoChange() throws Exception {
        try (Connection connection = connect()) {
            Inventory inventory = Inventory.open(connection);

            assertThatThrownBy(() -> inventory.apply(
                            CHANGES,
                            List.of(
                                    change(0, "{\"op\":\"c\",\"id\":1,\"name\":\"anchor\",\"quantity\":3}"),
                                    change(1, "{\"op\":\"x\",\"id\":1}"))))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("inventory-changes-0@1 is no change: op x");
            assertThat(rows(connection)).isEmpty();
            assertThat(inventory.nextOffset(CHANGES)).isEmpty();
        }
    }

    @Test
    void shouldGoOnWhereTheDatabaseIs(FlotillaClient client) throws Exception {
        write(client, "{\"op\":\"c\",\"id\":1,\"name\":\"anchor\",\"quantity\":3}");
        runUntil(client, List.of("1 anchor 3"));

        write(client, "{\"op\":\"u\",\"id\":1,\"name\":\"anchor\",\"quantity\":4}");
        write(client, "{\"op\":\"c\",\"id\":2,\"name\":\"rope\",\"quantity\":9}");
        runUntil(client, List.of("1 anchor 4", "2 rope 9"));

        try (Connection connection = connect()) {
            assertThat(Inventory.open(connection).nextOffset(CHANGES)).hasValue(3);
        }
    }

    private void runUntil(FlotillaClient client, List<String> expected) throws Exception {
        try (Connection connection = connect();
                Connection reading = connect();
                ChangeFeed feed = new ChangeFeed(client, Inventory.open(connection))) {
            reading.setAutoCommit(false);
            await().atMost(PATIENCE).until(() -> {
                feed.step();
                return rows(reading).equals(expected);
            });
        }
    }

    private static void write(FlotillaClient client, String json) {
        try (Producer producer = client.producer()) {
            producer.send(ProducerRecord.of(CHANGES, null, json.getBytes(StandardCharsets.UTF_8)))
                    .join();
        }
    }
}

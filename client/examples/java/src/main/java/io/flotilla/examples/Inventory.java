package io.flotilla.examples;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code inventory}, and beside it {@code flotilla_offsets}: which record of each partition comes next. Both change
 * in one transaction, so that each change takes effect once.
 *
 * <p>Threading: confined to one thread, like its connection.
 */
final class Inventory {
    private static final String TABLES = "create table if not exists inventory"
            + " (id bigint primary key, name text, quantity bigint);"
            + " create table if not exists flotilla_offsets"
            + " (topic text, partition int, next_offset bigint, primary key (topic, partition))";

    /** PostgreSQL reads the JSON, which saves a library here. */
    private static final String PARSE = "select change->>'op', (change->>'id')::bigint, change->>'name',"
            + " (change->>'quantity')::bigint"
            + " from (select number, text::jsonb as change from unnest(?) with ordinality as lines (text, number)) parsed"
            + " order by number";

    private static final String UPSERT = "insert into inventory (id, name, quantity) values (?, ?, ?)"
            + " on conflict (id) do update set name = excluded.name, quantity = excluded.quantity";
    private static final String DELETE = "delete from inventory where id = ?";

    private static final String NEXT = "select next_offset from flotilla_offsets where topic = ? and partition = ?";
    private static final String ADVANCE =
            "insert into flotilla_offsets (topic, partition, next_offset) values (?, ?, ?)"
                    + " on conflict (topic, partition) do update set next_offset = excluded.next_offset";

    private final Connection connection;

    private Inventory(Connection connection) {
        this.connection = connection;
    }

    /** Makes the tables if they are not there. The caller keeps the connection and closes it. */
    static Inventory open(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_xact_lock(1)"); // two that begin at once would both make them
            statement.execute(TABLES);
        }
        connection.commit();
        return new Inventory(connection);
    }

    /** Offset of the record of a partition that comes next; empty if none has come. */
    OptionalLong nextOffset(TopicPartition partition) throws SQLException {
        OptionalLong next = nextOffset(partition, "");
        connection.commit();
        return next;
    }

    private OptionalLong nextOffset(TopicPartition partition, String locking) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(NEXT + locking)) {
            select.setString(1, partition.topic());
            select.setInt(2, partition.partition());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /**
     * Applies records of one partition, in their order, and moves its offset, all or nothing. Those that the offset says are
     * applied already are left out: they come again after a crash, or by a process that has lost the partition and does not
     * know it yet.
     *
     * @throws SQLException if the database fails or a record is no change; nothing has been applied then
     */
    void apply(TopicPartition partition, List<ConsumerRecord> records) throws SQLException {
        try {
            long next = nextOffset(partition, " for update").orElse(0);
            List<ConsumerRecord> news =
                    records.stream().filter(record -> record.offset() >= next).toList();
            if (!news.isEmpty()) {
                change(news);
                advance(partition, news.get(news.size() - 1).offset() + 1);
            }
            connection.commit();
        } catch (SQLException | RuntimeException failure) {
            connection.rollback();
            throw failure;
        }
    }

    private void change(List<ConsumerRecord> records) throws SQLException {
        List<Change> changes = parse(records);
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT);
                PreparedStatement delete = connection.prepareStatement(DELETE)) {
            for (Change change : changes) {
                if (change.op().equals("d")) {
                    delete.setLong(1, change.id());
                    delete.executeUpdate();
                } else {
                    upsert.setLong(1, change.id());
                    upsert.setString(2, change.name());
                    upsert.setObject(3, change.quantity());
                    upsert.executeUpdate();
                }
            }
        }
    }

    /** One change: {@code c} and {@code u} say what a row is from now on, {@code d} that it is gone. */
    private record Change(
            String op,
            long id,
            @Nullable String name,
            @Nullable Long quantity) {}

    private List<Change> parse(List<ConsumerRecord> records) throws SQLException {
        String[] texts = records.stream().map(Inventory::text).toArray(String[]::new);
        List<Change> changes = new ArrayList<>();
        try (PreparedStatement parse = connection.prepareStatement(PARSE)) {
            parse.setArray(1, connection.createArrayOf("text", texts));
            try (ResultSet row = parse.executeQuery()) {
                while (row.next()) {
                    String op = String.valueOf(row.getString(1));
                    Long id = row.getObject(2, Long.class);
                    if (id == null || !List.of("c", "u", "d").contains(op)) {
                        ConsumerRecord record = records.get(changes.size());
                        throw new SQLException(record.partition() + "@" + record.offset() + " is no change: op " + op
                                + ", id " + id + "; op is one of c, u, d");
                    }
                    changes.add(new Change(op, id, row.getString(3), row.getObject(4, Long.class)));
                }
            }
        }
        return changes;
    }

    private static String text(ConsumerRecord record) {
        byte[] value = record.value();
        return value == null ? "{}" : new String(value, StandardCharsets.UTF_8);
    }

    private void advance(TopicPartition partition, long next) throws SQLException {
        try (PreparedStatement advance = connection.prepareStatement(ADVANCE)) {
            advance.setString(1, partition.topic());
            advance.setInt(2, partition.partition());
            advance.setLong(3, next);
            advance.executeUpdate();
        }
    }
}

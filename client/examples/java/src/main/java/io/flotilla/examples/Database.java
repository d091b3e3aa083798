package io.flotilla.examples;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/** Where the database is: in the variables that PostgreSQL's own programs go by. */
final class Database {
    /** A process that stands still in the middle of a transaction holds a lock that the partition's next owner waits for. */
    private static final Duration STANDSTILL_MAX = Duration.ofSeconds(5);

    private Database() {}

    /**
     * The caller closes the connection.
     *
     * @param environment PGHOST (default 127.0.0.1), PGPORT (5432), PGUSER (that of the process), PGDATABASE (PGUSER) and
     *     PGPASSWORD (none)
     */
    static Connection connect(Map<String, String> environment) throws SQLException {
        String user = environment.getOrDefault("PGUSER", System.getProperty("user.name"));
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("options", "-c idle_in_transaction_session_timeout=" + STANDSTILL_MAX.toMillis());
        String password = environment.get("PGPASSWORD");
        if (password != null) {
            properties.setProperty("password", password);
        }
        String url = "jdbc:postgresql://" + environment.getOrDefault("PGHOST", "127.0.0.1") + ":"
                + environment.getOrDefault("PGPORT", "5432") + "/" + environment.getOrDefault("PGDATABASE", user);
        return DriverManager.getConnection(url, properties);
    }
}

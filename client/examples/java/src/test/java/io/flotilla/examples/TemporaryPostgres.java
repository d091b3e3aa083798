package io.flotilla.examples;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server of a test's own, on a free port and in a folder of its own. */
final class TemporaryPostgres implements AutoCloseable {
    private static final String USER = "postgres"; // what PostgreSQL runs as where the test runs as root
    private static final long COMMAND_SECONDS_MAX = 60;

    private final Path programs;
    private final Path folder;
    private final int port;

    private TemporaryPostgres(Path programs, Path folder, int port) {
        this.programs = programs;
        this.folder = folder;
        this.port = port;
    }

    /** Empty where PostgreSQL is not installed, or there is nobody it could run as. */
    static Optional<TemporaryPostgres> start() throws IOException, InterruptedException {
        Optional<Path> programs = findPrograms();
        if (programs.isEmpty() || (isRoot() && !run(List.of("id", USER)))) {
            return Optional.empty();
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path folder = Files.createTempDirectory("flotilla-postgres-");
        TemporaryPostgres postgres = new TemporaryPostgres(programs.get(), folder, port);
        if (isRoot()) {
            require(run(List.of("chown", USER, folder.toString())), "chown");
        }
        String data = postgres.data();
        require(postgres.execute("initdb", "-D", data, "-U", USER, "-A", "trust", "--no-sync"), "initdb");
        String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off";
        require(
                postgres.execute("pg_ctl", "-D", data, "-l", data + "/log", "-o", options, "-w", "start"),
                "pg_ctl start");
        return Optional.of(postgres);
    }

    private static Optional<Path> findPrograms() throws IOException {
        List<Path> folders = new ArrayList<>();
        for (String entry : System.getenv("PATH").split(File.pathSeparator)) {
            folders.add(Path.of(entry));
        }
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.map(version -> version.resolve("bin")).forEach(folders::add);
            }
        }
        return folders.stream()
                .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
                .filter(folder -> Files.isExecutable(folder.resolve("pg_ctl")))
                .findFirst();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private boolean execute(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(isRoot() ? List.of("runuser", "-u", USER, "--") : List.of());
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static boolean run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private static void require(boolean done, String what) throws IOException {
        if (!done) {
            throw new IOException(what + " failed");
        }
    }

    Connection connect() throws SQLException {
        return Database.connect(Map.of("PGPORT", Integer.toString(port), "PGUSER", USER));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        execute("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
        run(List.of("rm", "-r", folder.toString()));
    }
}

package io.flotilla.launcher;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;

/**
 * The folder of a development cluster. The file {@value #FILE} in it remembers how many brokers live there: a
 * convenience for the next start, which can be deleted; what must survive is in the brokers' own folders.
 */
final class DevFolder {
    private static final String FILE = "dev.properties";
    private static final String BROKERS = "brokers";

    private final Path path;

    private DevFolder(Path path) {
        this.path = path;
    }

    /** Makes the folder if need be. */
    static DevFolder open(Path path) throws IOException {
        return new DevFolder(Files.createDirectories(path.toAbsolutePath().normalize()));
    }

    /** Where users' data belongs by the XDG base directory specification. */
    static Path defaultPath(Map<String, String> environment) {
        String dataHome = environment.get("XDG_DATA_HOME");
        Path base = dataHome == null || dataHome.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".local", "share")
                : Path.of(dataHome);
        return base.resolve("flotilla").resolve("dev");
    }

    Path path() {
        return path;
    }

    /** The number remembered, empty in a new folder. */
    OptionalInt brokers() throws IOException {
        Path file = path.resolve(FILE);
        if (!Files.exists(file)) {
            return OptionalInt.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        String count = properties.getProperty(BROKERS, "");
        try {
            return OptionalInt.of(Integer.parseInt(count));
        } catch (NumberFormatException damaged) {
            throw new IOException(file + " says brokers=" + count + "; delete it and pass --brokers", damaged);
        }
    }

    void rememberBrokers(int count) throws IOException {
        Properties properties = new Properties();
        properties.setProperty(BROKERS, Integer.toString(count));
        Path fresh = path.resolve(FILE + ".new");
        try (Writer writer = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
            properties.store(writer, null);
        }
        Files.move(fresh, path.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }
}

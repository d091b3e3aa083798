package io.flotilla.chaos.plant;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jboss.byteman.agent.Main;

/** Makes the flags with which a JVM starts under rules. A JVM can have one agent, so all its rules go together. */
final class Agent {
    private Agent() {}

    /**
     * Writes scripts and makes the flags of a JVM that runs under them.
     *
     * @param directory for scripts and counters; without spaces, as flags in an environment variable cannot have any
     * @param scripts   names of resources beside this class
     */
    static List<String> flags(Path directory, List<String> scripts) {
        Path folder = directory.toAbsolutePath().normalize();
        if (folder.toString().contains(" ")) {
            throw new IllegalArgumentException("'" + folder + "' has a space; choose a directory without one");
        }
        StringBuilder agent = new StringBuilder("-javaagent:").append(jar()).append('=');
        List<String> options = new ArrayList<>();
        for (String script : scripts) {
            options.add("script:" + extract(script, folder));
        }
        return List.of(agent.append(String.join(",", options)).toString(), "-Dflotilla.chaos.hits=" + hits(folder));
    }

    /** Where the rules of such JVMs count. */
    static Path hits(Path directory) {
        return directory.toAbsolutePath().normalize().resolve("hits");
    }

    static Path extract(String script, Path folder) {
        Path file = folder.resolve(script);
        try (InputStream content = Agent.class.getResourceAsStream(script)) {
            if (content == null) {
                throw new IllegalStateException("the module has no script '" + script + "'");
            }
            Files.createDirectories(folder);
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + file, failure);
        }
    }

    private static Path jar() {
        try {
            return Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException bug) {
            throw new IllegalStateException(bug);
        }
    }
}

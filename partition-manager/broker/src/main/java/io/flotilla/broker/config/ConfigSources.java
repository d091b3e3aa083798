package io.flotilla.broker.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Gathers settings: a flag beats the environment, the environment beats the file. A key nobody knows is refused in
 * flags and file. In the environment it is only warned of, because orchestrators put variables of their own there
 * (a Kubernetes service named {@code flotilla} yields {@code FLOTILLA_SERVICE_HOST}).
 */
public final class ConfigSources {
    /** Environment variables that begin so are settings. */
    public static final String ENVIRONMENT_PREFIX = "FLOTILLA_";

    /** A checked configuration, and what its reader should know although it is no error. */
    public record Loaded(BrokerConfig config, List<String> warnings) {
        public Loaded {
            warnings = List.copyOf(warnings);
        }
    }

    private final Map<ConfigKey, Setting> settings = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    private ConfigSources() {}

    /**
     * @param file        properties file, if any
     * @param environment as {@link System#getenv()} gives it
     * @param flags       settings of the command line by key
     * @throws ConfigException if a source cannot be read, a key is unknown or a value is wrong
     */
    public static Loaded load(Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
        ConfigSources sources = new ConfigSources();
        file.ifPresent(path -> sources.addAll(readFile(path), "file " + path));
        sources.addEnvironment(environment);
        sources.addAll(flags, "--set");
        return new Loaded(BrokerConfig.from(new Settings(sources.settings)), sources.warnings);
    }

    private static Map<String, String> readFile(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new ConfigException(
                    "cannot read configuration file " + file.toAbsolutePath() + ": " + unreadable
                            + "; check the path after --config, its permissions and its encoding (UTF-8)",
                    unreadable);
        }
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
        return values;
    }

    private void addAll(Map<String, String> values, String origin) {
        Map<ConfigKey, String> seen = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            ConfigKey key = BrokerKeys.BY_NAME.get(name);
            if (key != null) {
                String other = seen.put(key, name);
                if (other != null) {
                    throw new ConfigException("'" + other + "' and '" + name + "' (" + origin
                            + ") are the same setting; keep one of them");
                }
                settings.put(key, new Setting(name, value.strip(), origin));
            } else {
                addForeign(name, value, origin);
            }
        });
    }

    private void addForeign(String name, String value, String origin) {
        if (name.equals("unclean.leader.election.enable") && value.strip().equals("true")) {
            throw new ConfigException("unclean.leader.election.enable = 'true' (" + origin
                    + "): a leader without all acknowledged records is never elected here; remove the setting");
        }
        if (name.equals("unclean.leader.election.enable")) {
            return;
        }
        String reason = ForeignKeys.reason(name).orElseThrow(() -> unknown(name, origin));
        warnings.add("setting " + name + " (" + origin + ") has no effect: " + reason);
    }

    private static ConfigException unknown(String name, String origin) {
        String hint = NearestName.of(name, BrokerKeys.BY_NAME.keySet())
                .map(nearest -> "; did you mean '" + nearest + "'?")
                .orElse("; remove it or see the list of settings");
        return new ConfigException("unknown setting '" + name + "' (" + origin + ")" + hint);
    }

    private void addEnvironment(Map<String, String> environment) {
        Map<String, ConfigKey> byVariable = new LinkedHashMap<>();
        BrokerKeys.BY_NAME.forEach((name, key) -> byVariable.put(ConfigKey.environmentName(name), key));
        new TreeMap<>(environment).forEach((variable, value) -> {
            if (!variable.startsWith(ENVIRONMENT_PREFIX)) {
                return;
            }
            ConfigKey key = byVariable.get(variable);
            if (key != null) {
                settings.put(key, new Setting(key.name(), value.strip(), "environment " + variable));
            } else {
                NearestName.of(variable, byVariable.keySet())
                        .ifPresent(nearest -> warnings.add("environment variable " + variable
                                + " is no setting of the broker; did you mean " + nearest + "?"));
            }
        });
    }

    /** A value and where it came from, for messages. */
    record Setting(String name, String value, String origin) {}
}

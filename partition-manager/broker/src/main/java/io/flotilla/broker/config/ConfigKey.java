package io.flotilla.broker.config;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One setting of the broker.
 *
 * @param name         as written in a properties file
 * @param aliases      other names that mean the same
 * @param type         how its text is read
 * @param min          smallest number allowed, for {@code INTEGER}
 * @param max          largest number allowed, for {@code INTEGER}
 * @param defaultValue null where the operator must decide; empty where it is derived, as {@code doc} says
 * @param doc          one sentence, with the unit
 */
public record ConfigKey(
        String name,
        List<String> aliases,
        Type type,
        long min,
        long max,
        @Nullable String defaultValue,
        String doc) {
    /** How a value's text is read. */
    public enum Type {
        INTEGER,
        TEXT,
        FOLDER
    }

    static ConfigKey integer(String name, long min, long max, @Nullable String defaultValue, String doc) {
        return new ConfigKey(name, List.of(), Type.INTEGER, min, max, defaultValue, doc);
    }

    static ConfigKey text(String name, @Nullable String defaultValue, String doc) {
        return new ConfigKey(name, List.of(), Type.TEXT, 0, 0, defaultValue, doc);
    }

    static ConfigKey folder(String name, @Nullable String defaultValue, String doc) {
        return new ConfigKey(name, List.of(), Type.FOLDER, 0, 0, defaultValue, doc);
    }

    ConfigKey alias(String... others) {
        return new ConfigKey(name, List.of(others), type, min, max, defaultValue, doc);
    }

    /** The environment variable that sets it: {@code node.id} is {@code FLOTILLA_NODE_ID}. */
    public String environmentName() {
        return environmentName(name);
    }

    static String environmentName(String name) {
        return ConfigSources.ENVIRONMENT_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}

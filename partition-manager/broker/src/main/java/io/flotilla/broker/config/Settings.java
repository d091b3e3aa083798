package io.flotilla.broker.config;

import io.flotilla.broker.config.ConfigSources.Setting;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads typed values out of gathered settings; every complaint names key, value, origin and remedy. */
record Settings(Map<ConfigKey, Setting> values) {
    Settings {
        values = Map.copyOf(values);
    }

    int integer(ConfigKey key) {
        return Math.toIntExact(number(key));
    }

    long number(ConfigKey key) {
        return parsed(key, text -> number(key, text));
    }

    /** Empty where the setting's default is derived from others. */
    Optional<Integer> integerIfSet(ConfigKey key) {
        return values.containsKey(key) ? Optional.of(integer(key)) : Optional.empty();
    }

    Path folder(ConfigKey key) {
        return parsed(key, text -> {
            if (text.contains(",")) {
                throw new IllegalArgumentException("a broker has one data folder; name one, without a comma");
            }
            try {
                return Path.of(text).toAbsolutePath().normalize();
            } catch (InvalidPathException invalid) {
                throw new IllegalArgumentException("it is no path: " + invalid.getReason(), invalid);
            }
        });
    }

    /** @param parser throws {@code IllegalArgumentException} with the remedy */
    <T> T parsed(ConfigKey key, Function<String, T> parser) {
        Setting setting = setting(key);
        if (setting.value().isEmpty() && key.defaultValue() == null) {
            throw wrong(setting, "it is empty: " + key.doc(), null);
        }
        try {
            return parser.apply(setting.value());
        } catch (IllegalArgumentException wrong) {
            throw wrong(setting, wrong.getMessage() == null ? key.doc() : wrong.getMessage(), wrong);
        }
    }

    private static long number(ConfigKey key, String text) {
        String remedy = "give a whole number from " + key.min() + " to " + key.max();
        try {
            long number = Long.parseLong(text);
            if (number >= key.min() && number <= key.max()) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(remedy, notANumber);
        }
        throw new IllegalArgumentException(remedy);
    }

    ConfigException wrong(ConfigKey key, String remedy) {
        return wrong(setting(key), remedy, null);
    }

    private Setting setting(ConfigKey key) {
        Setting setting = values.get(key);
        if (setting != null) {
            return setting;
        }
        String defaultValue = key.defaultValue();
        if (defaultValue == null) {
            throw new ConfigException("setting '" + key.name() + "' is missing; set it in the --config file, as "
                    + key.environmentName() + " or with --set " + key.name() + "=…: " + key.doc());
        }
        return new Setting(key.name(), defaultValue, "default");
    }

    private static ConfigException wrong(Setting setting, String remedy, @Nullable Throwable cause) {
        String message = setting.name() + " = '" + setting.value() + "' (" + setting.origin() + "): " + remedy;
        return cause == null ? new ConfigException(message) : new ConfigException(message, cause);
    }
}

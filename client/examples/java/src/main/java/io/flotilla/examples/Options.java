package io.flotilla.examples;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** Options of a command line, each {@code --name value}. */
final class Options {
    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /**
     * @param defaults every option there is; one without a default, which must be given, has an empty value
     * @throws IllegalArgumentException naming the option that is unknown, missing or without a value
     */
    static Options parse(String[] arguments, Map<String, String> defaults) {
        Map<String, String> values = new LinkedHashMap<>(defaults);
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
            if (!defaults.containsKey(name)) {
                throw new IllegalArgumentException("there is no option '" + arguments[i] + "'; options: --"
                        + String.join(", --", new TreeSet<>(defaults.keySet())));
            }
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException("--" + name + " needs a value");
            }
            values.put(name, arguments[i + 1]);
        }
        values.forEach((name, value) -> {
            if (value.isEmpty()) {
                throw new IllegalArgumentException("--" + name + " is missing");
            }
        });
        return new Options(values);
    }

    static boolean asksForHelp(String[] arguments) {
        return Arrays.asList(arguments).contains("--help");
    }

    String get(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no option --" + name);
        }
        return value;
    }
}

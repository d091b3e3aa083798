package io.flotilla.chaos.fault.shim;

import io.flotilla.cluster.SystemCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The library that brokers are started with, and the files through which each of them is told what to do. Whoever makes it
 * closes it.
 */
public final class Shim implements AutoCloseable {
    private static final List<String> SOURCES = List.of("shim.h", "rules.c", "files.c", "clock.c");

    private final Path library;
    private final SortedMap<Integer, ShimControl> controls = new TreeMap<>();

    private Shim(Path library) {
        this.library = library;
    }

    /**
     * Compiles the library, and makes files for each broker.
     *
     * @param directory that holds it all
     * @throws IOException if that is not possible here, and why
     */
    public static Shim make(Path directory, Collection<Integer> brokers) throws IOException {
        Files.createDirectories(directory);
        List<String> command = new ArrayList<>(List.of("cc", "-shared", "-fPIC", "-O2", "-o"));
        Path library = directory.resolve("shim.so");
        command.add(library.toString());
        for (String source : SOURCES) {
            Path file = directory.resolve(source);
            try (InputStream text = Objects.requireNonNull(Shim.class.getResourceAsStream(source), source)) {
                Files.copy(text, file, StandardCopyOption.REPLACE_EXISTING);
            }
            if (source.endsWith(".c")) {
                command.add(file.toString());
            }
        }
        command.addAll(List.of("-ldl", "-lpthread"));
        try {
            SystemCommand.run(command.toArray(String[]::new));
        } catch (IOException failure) {
            throw new IOException(
                    "no library for faults of files and clocks; install a C compiler as cc: " + failure.getMessage(),
                    failure);
        }
        var shim = new Shim(library);
        for (int id : brokers) {
            shim.controls.put(id, ShimControl.make(directory.resolve("broker-" + id)));
        }
        return shim;
    }

    /** Variables with which a broker has to be started. */
    public Map<String, String> environment(int broker) {
        Path folder = Objects.requireNonNull(control(broker).rulesFile().getParent());
        return Map.of("LD_PRELOAD", library.toString(), "FLOTILLA_SHIM", folder.toString());
    }

    ShimControl control(int broker) {
        ShimControl control = controls.get(broker);
        if (control == null) {
            throw new IllegalArgumentException("no broker has the id " + broker + ", there are " + controls.keySet());
        }
        return control;
    }

    /** May be called twice. */
    @Override
    public void close() {
        controls.values().forEach(ShimControl::close);
    }
}

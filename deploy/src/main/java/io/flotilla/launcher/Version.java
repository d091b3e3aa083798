package io.flotilla.launcher;

import picocli.CommandLine.IVersionProvider;

/** What {@code flotilla --version} prints. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        // Absent only when run from class files, as tests do.
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "flotilla " + (version == null ? "development" : version)
                    + " (Java " + Runtime.version().feature() + ", " + System.getProperty("os.name") + " "
                    + System.getProperty("os.arch") + ")"
        };
    }
}

package io.flotilla.metadata.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Holds the seam around the rules: collections and our own values, nothing else. */
class CorePurityTest {
    @Test
    void shouldKnowNoClockThreadFileOrLogger() {
        JavaClasses core = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.flotilla.metadata.core", "io.flotilla.metadata.group");

        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java.lang..",
                        "java.util",
                        "java.util.function",
                        "java.util.regex",
                        "java.util.stream",
                        "io.flotilla.metadata",
                        "io.flotilla.metadata.core",
                        "io.flotilla.metadata.group",
                        "io.flotilla.protocol.error",
                        "io.flotilla.raftlog.partition",
                        "io.flotilla.raftlog.raft",
                        "org.jspecify.annotations")
                .check(core);
    }
}

package io.flotilla.chaos.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.flotilla.chaos.fault.FaultId;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What makes the judge worth believing: it knows histories, and nothing of whoever made them. */
final class ChaosArchitectureTest {
    private static final String HISTORY = "io.flotilla.chaos.history..";
    private static final String CHECK = "io.flotilla.chaos.check..";

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static JavaClasses main;

    @BeforeAll
    static void importMainClasses() {
        main = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.flotilla");
    }

    @Test
    void shouldKeepTheJudgeToHistories() {
        noClasses()
                .that()
                .resideInAPackage(CHECK)
                .should()
                .dependOnClassesThat(resideInAnyPackage(allBut("history", "check"))
                        .and(not(type(FaultId.class)))) // the names of faults, which histories have too
                .check(main);
    }

    @Test
    void shouldKeepHistoriesToThemselves() {
        noClasses()
                .that()
                .resideInAPackage(HISTORY)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(allBut("history"))
                .check(main);
    }

    @Test
    void shouldKeepPlansFreeOfClusters() {
        noClasses()
                .that()
                .resideInAPackage("io.flotilla.chaos.plan..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(allBut("plan", "fault"))
                .check(main);
    }

    @Test
    void shouldKeepTheCommandLineAndTheProductFreeOfChaos() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.flotilla.chaos..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.flotilla.chaos..")
                .check(main);
    }

    /** Our packages but those of this module that are named. */
    private static String[] allBut(String... names) {
        String alternatives = String.join("|", names);
        return main.stream()
                .map(type -> type.getPackageName())
                .filter(name -> name.startsWith("io.flotilla"))
                .filter(name -> !name.matches("io\\.flotilla\\.chaos\\.(" + alternatives + ")(\\..*)?"))
                .distinct()
                .toArray(String[]::new);
    }
}

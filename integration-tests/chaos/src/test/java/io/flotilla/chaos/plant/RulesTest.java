package io.flotilla.chaos.plant;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.byteman.check.RuleCheck;
import org.jboss.byteman.check.RuleCheckResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the rules against the product's classes of today. */
final class RulesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    static Stream<String> scripts() {
        return Stream.concat(Stream.of(Plant.values()).map(Plant::script), Stream.of(Failpoints.SCRIPT));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void everyRuleFitsTheProductsCode(String script) throws Exception {
        assertThat(findings(Agent.extract(script, folder))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "METHOD noSuchMethod()",
                "METHOD readBarrier(long)",
            })
    void aRuleForAMethodThatIsGoneIsFound(String method) throws Exception {
        Path script = Agent.extract(Plant.P7.script(), folder);
        Files.writeString(script, Files.readString(script).replace("METHOD readBarrier()", method));

        assertThat(findings(script)).isNotEmpty();
    }

    @Test
    void aRuleWhoseTypesDoNotFitIsFound() throws Exception {
        Path script = Agent.extract(Plant.P7.script(), folder);
        Files.writeString(script, Files.readString(script).replace("RETURN true", "RETURN java.util.List.of()"));

        assertThat(findings(script)).isNotEmpty();
    }

    private static List<String> findings(Path script) {
        var check = new RuleCheck();
        assertThat(check.addRuleFile(script.toString())).isTrue();
        check.checkRules();
        RuleCheckResult result = check.getResult();
        List<String> findings = new ArrayList<>(result.getErrorMessages());
        findings.addAll(result.getParseErrorMessages());
        findings.addAll(result.getTypeErrorMessages());
        findings.addAll(result.getTypeWarningMessages());
        findings.addAll(result.getWarningMessages());
        return findings;
    }
}

package io.flotilla.broker.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthReportTest {
    @Test
    void shouldTellProblemsAsJson() {
        HealthReport report = new HealthReport(List.of(new Problem("partition a-0", "it said \"no\\\"\n")));

        assertThat(HealthReport.GOOD.toJson()).isEqualTo("{\"status\":\"ok\"}\n");
        assertThat(report.toJson())
                .isEqualTo("{\"status\":\"not ok\",\"problems\":[{\"subject\":\"partition a-0\","
                        + "\"reason\":\"it said \\\"no\\\\\\\"\\u000a\"}],\"untold\":0}\n");
    }

    @Test
    void shouldTellABoundedNumberOfThem() {
        HealthReport report = new HealthReport(Collections.nCopies(250, new Problem("x", "y")));

        assertThat(report.toJson().split("\"subject\"", -1)).hasSize(HealthReport.PROBLEMS_TOLD_MAX + 1);
        assertThat(report.toJson()).contains("\"untold\":150");
    }
}

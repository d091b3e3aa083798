package io.flotilla.broker.health;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a broker says of itself, with the problems that it has.
 *
 * @param problems none if all is well
 */
public record HealthReport(List<Problem> problems) {
    /** Problems that {@link #toJson} tells one by one. */
    public static final int PROBLEMS_TOLD_MAX = 100;

    public static final HealthReport GOOD = new HealthReport(List.of());

    private static final int FIRST_PRINTABLE = 0x20;

    public HealthReport {
        problems = List.copyOf(problems);
    }

    public boolean isGood() {
        return problems.isEmpty();
    }

    /**
     * {@code {"status":"ok"}}, or {@code {"status":"not ok","problems":[{"subject":"…","reason":"…"}],"untold":0}}.
     */
    public String toJson() {
        if (isGood()) {
            return "{\"status\":\"ok\"}\n";
        }
        String told = problems.stream()
                .limit(PROBLEMS_TOLD_MAX)
                .map(problem ->
                        "{\"subject\":" + quoted(problem.subject()) + ",\"reason\":" + quoted(problem.reason()) + "}")
                .collect(Collectors.joining(","));
        return "{\"status\":\"not ok\",\"problems\":[" + told + "],\"untold\":"
                + Math.max(0, problems.size() - PROBLEMS_TOLD_MAX) + "}\n";
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < FIRST_PRINTABLE) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}

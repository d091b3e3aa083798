package io.flotilla.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example on the page about testing is one of these tests. */
class TestingPageTest {
    private static final Path ROOT = Path.of("..", "..");

    @Test
    void shouldShowATestThatRuns() throws IOException {
        String page = Files.readString(ROOT.resolve("deploy/docs/testing.md"));
        String test = Files.readString(Path.of("src/test/java/io/flotilla/junit/OrdersTest.java"));
        String body = test.substring(test.indexOf("@FlotillaTest("));

        assertThat(page).contains("```java\n" + body + "```");
    }
}

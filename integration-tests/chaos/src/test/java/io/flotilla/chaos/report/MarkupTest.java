package io.flotilla.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkupTest {
    @Test
    void shouldEscapeTextAndAttributes() {
        String html = new Markup()
                .element("p", "<b> & 'c' \"d\"", "title", "\"><script>")
                .toString();

        assertThat(html)
                .isEqualTo("<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt; &amp; &#39;c&#39; &quot;d&quot;</p>");
    }

    @Test
    void shouldReplaceWhatNoPageMayHold() {
        assertThat(new Markup().text("a\u0000b\u001b[1m\ud800c\ufffe\u0085d").toString())
                .isEqualTo("a\uFFFDb\uFFFD[1m\uFFFDc\uFFFD\uFFFDd");
        assertThat(new Markup().text("naïve 日本 \ud83d\ude00").toString()).isEqualTo("naïve 日本 \ud83d\ude00");
    }
}

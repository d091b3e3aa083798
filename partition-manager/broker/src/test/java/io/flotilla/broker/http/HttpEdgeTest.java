package io.flotilla.broker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.broker.config.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEdgeTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final SortedMap<String, Supplier<HttpAnswer>> pages = new TreeMap<>();

    @SuppressWarnings("NullAway.Init") // opened before each test
    private HttpEdge edge;

    @BeforeEach
    void open() throws IOException {
        pages.put("/good", () -> HttpAnswer.json(200, "{\"ä\":1}"));
        pages.put("/bad", () -> HttpAnswer.json(503, "{}"));
        pages.put("/broken", () -> {
            throw new IllegalStateException("a bug");
        });
        edge = HttpEdge.listen(freeAddress(), pages);
    }

    @AfterEach
    void close() {
        edge.close();
        edge.close();
    }

    private static HostPort freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new HostPort("127.0.0.1", socket.getLocalPort());
        }
    }

    private HttpResponse<String> request(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + edge.address() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void shouldAnswerWithWhatAPageSays() throws Exception {
        HttpResponse<String> good = request("GET", "/good");
        HttpResponse<String> bad = request("GET", "/bad?verbose");
        HttpResponse<String> head = request("HEAD", "/good");

        assertThat(good.statusCode()).isEqualTo(200);
        assertThat(good.body()).isEqualTo("{\"ä\":1}");
        assertThat(good.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(bad.statusCode()).isEqualTo(503);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void shouldTellWhatItHas() throws Exception {
        HttpResponse<String> unknown = request("GET", "/goods");
        HttpResponse<String> changing = request("DELETE", "/good");

        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("/good", "/bad");
        assertThat(changing.statusCode()).isEqualTo(405);
        assertThat(changing.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    @Test
    void shouldSurviveABugInAPage() throws Exception {
        HttpResponse<String> broken = request("GET", "/broken");

        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(request("GET", "/good").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldNameSettingAndRemedyIfItsPortIsTaken() {
        assertThatThrownBy(() -> HttpEdge.listen(edge.address(), pages))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(edge.address().toString(), "listeners, HTTP", "choose another");
    }
}

package io.flotilla.broker;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * What a broker's HTTP port answers.
 *
 * @param status HTTP's code
 */
public record Page(int status, String body) {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** @param path of one of its pages */
    public static Page of(Broker broker, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + broker.http().orElseThrow() + path);
        HttpResponse<String> response =
                CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        return new Page(response.statusCode(), response.body());
    }

    /** The value of a metric, its labels included in {@code series}. */
    public double value(String series) {
        return body.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + series + " in\n" + body));
    }
}

package io.flotilla.broker.http;

/**
 * What a request gets.
 *
 * @param status      HTTP's code
 * @param contentType of the body
 */
public record HttpAnswer(int status, String contentType, String body) {
    static final String PLAIN_TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    public static HttpAnswer json(int status, String body) {
        return new HttpAnswer(status, JSON, body);
    }
}

package io.flotilla.client.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.protocol.v1.BrokerEndpoint;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerdesTest {
    private static final String TOPIC = "orders";

    /** As applications have them. */
    record Order(String customer, int cents) {}

    @Test
    void shouldLeaveBytesAlone() {
        byte[] bytes = {0, -1, 7};

        assertThat(Serdes.bytes().serialize(TOPIC, bytes)).isSameAs(bytes);
        assertThat(Serdes.bytes().deserialize(TOPIC, bytes)).isSameAs(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "alice", "Größe", "日本", "\uD83D\uDE80", "a\u0000b"})
    void shouldWriteTextAsKafkaDoes(String text) {
        byte[] written = Serdes.string().serialize(TOPIC, text);

        try (StringSerializer kafka = new StringSerializer()) {
            assertThat(written).isEqualTo(kafka.serialize(TOPIC, text));
        }
        assertThat(Serdes.string().deserialize(TOPIC, written)).isEqualTo(text);
    }

    @Test
    void shouldRefuseTextThatIsNone() {
        assertThatThrownBy(() -> Serdes.string().serialize(TOPIC, "half \uD83D"))
                .hasMessageContaining("surrogate without its pair");
        assertThatThrownBy(() -> Serdes.string().deserialize(TOPIC, new byte[] {'a', (byte) 0xC3}))
                .hasMessageContaining("not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 1_000_000_007L, Long.MIN_VALUE, Long.MAX_VALUE})
    void shouldWriteNumbersAsKafkaDoes(long number) {
        byte[] written = Serdes.int64().serialize(TOPIC, number);

        try (LongSerializer kafka = new LongSerializer()) {
            assertThat(written).isEqualTo(kafka.serialize(TOPIC, number));
        }
        assertThat(Serdes.int64().deserialize(TOPIC, written)).isEqualTo(number);
    }

    @Test
    void shouldRefuseNumbersOfAnotherLength() {
        assertThatThrownBy(() -> Serdes.int64().deserialize(TOPIC, new byte[4]))
                .hasMessageContaining("has 8 bytes, not 4");
    }

    @Test
    void shouldReadJsonOfNewerProducers() {
        Serde<Order> orders = Serdes.json(Order.class);
        Order order = new Order("alice", 1_250);

        assertThat(orders.deserialize(TOPIC, orders.serialize(TOPIC, order))).isEqualTo(order);
        assertThat(orders.deserialize(TOPIC, utf8("{\"customer\":\"bob\",\"cents\":3,\"gift\":true}")))
                .isEqualTo(new Order("bob", 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"customer\":\"bob\",\"cents\":3} more", "{\"cents\":\"many\"}"})
    void shouldRefuseWhatIsNotTheJsonExpected(String malformed) {
        assertThatThrownBy(() -> Serdes.json(Order.class).deserialize(TOPIC, utf8(malformed)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("JSON");
    }

    @Test
    void shouldTakeTheApplicationsMapper() {
        Serde<Map<String, List<Integer>>> serde = JsonSerde.of(new ObjectMapper(), new TypeReference<>() {});

        assertThat(serde.deserialize(TOPIC, utf8("{\"a\":[1,2]}"))).isEqualTo(Map.of("a", List.of(1, 2)));
    }

    @Test
    void shouldReadAndWriteProtobufMessages() {
        Serde<BrokerEndpoint> endpoints = Serdes.protobuf(BrokerEndpoint.getDefaultInstance());
        BrokerEndpoint endpoint =
                BrokerEndpoint.newBuilder().setHost("broker-1").setPort(9094).build();

        assertThat(endpoints.deserialize(TOPIC, endpoints.serialize(TOPIC, endpoint)))
                .isEqualTo(endpoint);
        assertThatThrownBy(() -> endpoints.deserialize(TOPIC, new byte[] {-1, -1}))
                .hasMessageContaining("not the protobuf message");
    }

    /** The application without Jackson: everything else works, and JSON says what is missing. */
    @Test
    void shouldNeedJacksonForJsonOnly() throws IOException, ReflectiveOperationException {
        try (WithoutJackson classes = new WithoutJackson()) {
            Class<?> serdes = classes.loadClass(Serdes.class.getName());

            assertThat(serdes.getMethod("string").invoke(null)).isNotNull();
            assertThatThrownBy(() -> serdes.getMethod("json", Class.class).invoke(null, String.class))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .hasMessageContaining("add com.fasterxml.jackson.core:jackson-databind");
        }
    }

    /** Loads the client anew, as if Jackson were not there. */
    private static final class WithoutJackson extends URLClassLoader {
        WithoutJackson() {
            super(
                    new URL[] {
                        Serdes.class.getProtectionDomain().getCodeSource().getLocation()
                    },
                    SerdesTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("com.fasterxml.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.flotilla.client.typed.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

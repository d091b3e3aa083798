package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerAddressTest {
    @Test
    void shouldParseHostsAndPorts() {
        assertThat(BrokerAddress.parseList("a:1, b , [::1]:2,[fe80::1]"))
                .containsExactly(
                        new BrokerAddress("a", 1),
                        new BrokerAddress("b", 9094),
                        new BrokerAddress("::1", 2),
                        new BrokerAddress("fe80::1", 9094));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " , ", "a:x", "a:0", "a:70000", "::1", ":9094"})
    void shouldRefuseWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> BrokerAddress.parseList(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldPrintWhatItParses() {
        for (String text : new String[] {"a:1", "[::1]:2"}) {
            assertThat(BrokerAddress.parse(text)).hasToString(text);
        }
    }
}

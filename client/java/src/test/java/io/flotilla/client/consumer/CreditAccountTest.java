package io.flotilla.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CreditAccountTest {
    private final CreditAccount credit = new CreditAccount(1_000);

    @Test
    void shouldGrantTheWindowAtFirst() {
        assertThat(credit.hasCredit()).isFalse();
        assertThat(credit.grantIsDue()).isTrue();
        assertThat(credit.grant()).isEqualTo(1_000);
        assertThat(credit.grantIsDue()).isFalse();
    }

    @Test
    void shouldGrantNothingWhileTheBufferIsFull() {
        credit.grant();

        credit.received(1_000);

        assertThat(credit.hasCredit()).isFalse();
        assertThat(credit.grantIsDue()).isFalse();
    }

    @Test
    void shouldGrantWhatWasReturnedInLargeSteps() {
        credit.grant();
        credit.received(800);

        credit.returned(200);
        assertThat(credit.grantIsDue()).as("not worth a message").isFalse();
        credit.returned(100);
        assertThat(credit.grantIsDue()).isTrue();
        assertThat(credit.grant()).isEqualTo(1_300);
    }

    @Test
    void shouldGrantAnyAmountWhenTheBrokerHasNothingLeft() {
        credit.grant();
        credit.received(1_000);

        credit.returned(10);

        assertThat(credit.grantIsDue()).isTrue();
    }

    @Test
    void shouldStayWithinTheWindowAfterAnOversizedChunk() {
        credit.grant();
        credit.received(5_000);

        credit.returned(4_000);
        assertThat(credit.grantIsDue()).isTrue();
        assertThat(credit.grant()).as("what is buffered still counts").isEqualTo(5_000);
        assertThat(credit.hasCredit()).isFalse();
    }
}

package io.flotilla.broker.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.broker.config.HostPort;
import io.flotilla.broker.config.SeedList;
import io.flotilla.broker.identity.DataFolder;
import io.flotilla.broker.identity.VoterContact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoterContactsTest {
    private static final HostPort SEED = HostPort.parse("new:9094");
    private static final HostPort KEPT = HostPort.parse("old:9094");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path path;

    @Test
    void shouldLookInEachPlaceInTurnWhileABrokerDoesNotAnswer() throws IOException {
        try (DataFolder folder = DataFolder.open(path, 2)) {
            folder.contacts(List.of(new VoterContact(1, KEPT)));
            VoterContacts contacts = new VoterContacts(folder, SeedList.parse("1@" + SEED));

            assertThat(contacts.addressOf(1)).contains(KEPT);
            contacts.failed(1, KEPT);
            assertThat(contacts.addressOf(1)).contains(SEED);
            contacts.failed(1, KEPT); // an answer that was late
            assertThat(contacts.addressOf(1)).contains(SEED);
            contacts.failed(1, SEED);
            assertThat(contacts.addressOf(1)).contains(KEPT);
            assertThat(contacts.addressOf(3)).isEmpty();
        }
    }
}

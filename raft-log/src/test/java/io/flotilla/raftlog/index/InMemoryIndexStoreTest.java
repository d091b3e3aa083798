package io.flotilla.raftlog.index;

class InMemoryIndexStoreTest extends IndexStoreContract {
    @Override
    IndexStore openStore() {
        return new InMemoryIndexStore();
    }
}

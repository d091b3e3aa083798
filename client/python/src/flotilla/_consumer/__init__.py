"""The consumer. No public API.

`Fetcher` keeps one read stream to each leader broker and fills a bounded buffer of chunks; `CreditAccount` is the bound.
`ConsumerCore` decodes chunks for `poll` with `ChunkReader`. `Cursor` is what is known about one assigned partition.
Whoever decides which partitions to read, the user or a group, does it by `Fetcher.assign`, which leaves those that stay
alone.
"""

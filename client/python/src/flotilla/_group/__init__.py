"""The consumer of a group. No public API.

`GroupCore` is what users' sides share: in each poll it carries out what the coordinator has assigned meanwhile, and lets a
`ConsumerCore` read the rest of the time. `Membership` keeps the stream to the coordinator; `Commits` are sent by
`OffsetCommitter`, one call after the other; `Coordinator` knows which broker to ask. `Assignment`, `Progress` and
`ReadyRecords` are the pure rules: what is taken and given, what is processed and committed, what the user has seen. `Errands`
lets the blocking client call listeners on its user's thread.
"""

"""What the client knows about topics and their leaders. No public API.

`MetadataCache` asks any broker and takes hints from all; `TopicView` holds the rule by which newer knowledge replaces
older: the higher leader epoch wins. `OffsetFinder` turns positions into offsets at the leaders.
"""

"""The asyncio client. The same calls as in `flotilla`, to be awaited:

    async with FlotillaClient("broker-1:9094,broker-2:9094") as client:
        await client.admin().create_topic(NewTopic("orders", 12, 3))
        async with client.producer() as producer:
            stored = await producer.send_and_wait(ProducerRecord("orders", b"placed", key=b"customer-7"))
        async with client.consumer() as consumer:
            consumer.assign([TopicPartition("orders", 0)])
            for record in await consumer.poll(timeout=1.0):
                ...
        async with client.group_consumer(GroupSettings("billing", "orders")) as consumer:
            async for record in consumer:
                ...

A client and what is made from it belong to the event loop on which they are first used.
"""

from flotilla.aio.admin import Admin
from flotilla.aio.client import FlotillaClient
from flotilla.aio.consumer import Consumer
from flotilla.aio.group_admin import GroupAdmin
from flotilla.aio.group_consumer import GroupConsumer, RebalanceListener
from flotilla.aio.producer import Producer

__all__ = ["Admin", "Consumer", "FlotillaClient", "GroupAdmin", "GroupConsumer", "Producer", "RebalanceListener"]

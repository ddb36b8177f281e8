"""The one topic the program makes by itself when it starts: the processes choose their leader by who has its partition.

It holds no records. faust would make it too, with one try at one broker, and with one copy: whoever starts while a
broker is gone would not start, and a broker that goes would take everything with it that faust hosts.
"""

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from adapter.kafka.asking import ask
from adapter.kafka.clients import Access

# As topics/topics.toml plans for the others, in a cluster that is large enough.
COPIES = 3


async def make_own_topic(access: Access, name: str) -> None:
    """One partition, and as many copies as there are brokers, if it is not there. Raises what Kafka raises."""

    async def make(client: AIOKafkaAdminClient) -> None:
        copies = min(len((await client.describe_cluster())["brokers"]), COPIES)
        answer = await client.create_topics([NewTopic(name, num_partitions=1, replication_factor=copies)])
        for _, code, *_ in answer.topic_errors:
            if code not in {0, TopicAlreadyExistsError.errno}:
                raise for_code(code)(name)

    await ask(access, make)

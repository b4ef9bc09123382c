"""confluent-kafka, which is a new librdkafka. The first argument says what to do; what came of it is printed as JSON."""

import json
import sys

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic


def show(value):
    print(json.dumps(value), flush=True)


def produce(bootstrap, topic, compression):
    options = {"bootstrap.servers": bootstrap, "enable.idempotence": True, "compression.type": compression}
    producer = Producer(options)
    for value in ["a", "b"]:
        producer.produce(topic, key="k", value=value, headers=[("h", b"1")], partition=0)
    show(producer.flush(20))


def admin(bootstrap):
    client = AdminClient({"bootstrap.servers": bootstrap})
    client.create_topics([NewTopic("new", 2, 3, config={"cleanup.policy": "compact"})])["new"].result(20)
    client.create_partitions([NewPartitions("new", 3)])["new"].result(20)
    show(len(client.list_topics("new", timeout=20).topics["new"].partitions))
    resource = ConfigResource(ConfigResource.Type.TOPIC, "new")
    show(client.describe_configs([resource])[resource].result(20)["cleanup.policy"].value)
    client.delete_topics(["new"])["new"].result(20)
    show(sorted(client.list_topics(timeout=20).topics))


def read(bootstrap, topic, count):
    """Assigns the partition by hand: no group."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "none", "enable.auto.commit": False})
    consumer.assign([TopicPartition(topic, 0, 0)])
    show([consumer.poll(20).value().decode() for _ in range(int(count))])
    consumer.close()


def consume(bootstrap, topic, protocol, count):
    options = {"bootstrap.servers": bootstrap, "group.id": "group", "group.protocol": protocol}
    consumer = Consumer({**options, "auto.offset.reset": "earliest", "enable.auto.commit": False})
    consumer.subscribe([topic])
    values = []
    while len(values) < int(count):
        message = consumer.poll(20)
        values.append(message.value().decode())
        consumer.commit(message, asynchronous=False)
    consumer.close()
    show(values)


def transact(bootstrap, topic):
    """A transaction that is committed, with a group's offset, one that is aborted, and one whose producer another one fences."""
    options = {"bootstrap.servers": bootstrap, "transactional.id": "confluent"}
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "group"})
    producer = Producer(options)
    producer.init_transactions(20)
    for outcome in ["committed", "aborted", "fenced"]:
        producer.begin_transaction()
        producer.produce(topic, outcome, partition=0)
        if outcome == "committed":
            producer.send_offsets_to_transaction([TopicPartition(topic, 0, 7)], consumer.consumer_group_metadata(), 20)
            producer.commit_transaction(20)
        elif outcome == "aborted":
            producer.flush(20)
            producer.abort_transaction(20)
        else:
            producer.flush(20)
            Producer(options).init_transactions(20)
            try:
                producer.commit_transaction(20)
            except KafkaException as error:
                show([error.args[0].name(), error.args[0].fatal()])
    consumer.close()


def read_isolated(bootstrap, topic, isolation):
    """What a reader of this isolation sees up to the end."""
    options = {"bootstrap.servers": bootstrap, "group.id": "none", "isolation.level": isolation, "enable.partition.eof": True}
    consumer = Consumer({**options, "enable.auto.commit": False})
    consumer.assign([TopicPartition(topic, 0, 0)])
    values = []
    while (message := consumer.poll(20)).error() is None:
        values.append(message.value().decode())
    consumer.close()
    show([values, message.error().name()])


globals()[sys.argv[1]](*sys.argv[2:])

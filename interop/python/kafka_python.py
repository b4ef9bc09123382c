"""kafka-python. The first argument says what to do; what came of it is printed as JSON."""

import json
import sys

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewPartitions, NewTopic


def show(value):
    print(json.dumps(value), flush=True)


def produce(bootstrap, topic, compression):
    codec = None if compression == "none" else compression
    producer = KafkaProducer(bootstrap_servers=bootstrap.split(","), compression_type=codec, enable_idempotence=True)
    for value in [b"a", b"b"]:
        metadata = producer.send(topic, key=b"k", value=value, headers=[("h", b"1")], partition=0).get(20)
    show(metadata.offset)
    producer.close()


def admin(bootstrap):
    client = KafkaAdminClient(bootstrap_servers=bootstrap.split(","))
    client.create_topics([NewTopic("new", 2, 3, topic_configs={"cleanup.policy": "compact"})])
    client.create_partitions({"new": NewPartitions(3)})
    show(len(client.describe_topics(["new"])[0]["partitions"]))
    client.delete_topics(["new"])
    show(client.list_topics())
    client.close()


def read(bootstrap, topic, count):
    """Assigns the partition by hand: no group."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap.split(","), auto_offset_reset="earliest")
    consumer.assign([TopicPartition(topic, 0)])
    show([next(consumer).value.decode() for _ in range(int(count))])
    consumer.close()


def consume(bootstrap, topic, count):
    options = {"bootstrap_servers": bootstrap.split(","), "group_id": "group"}
    consumer = KafkaConsumer(topic, auto_offset_reset="earliest", enable_auto_commit=False, **options)
    values = []
    while len(values) < int(count):
        values.append(next(consumer).value.decode())
    consumer.commit()
    consumer.close()
    show(values)


def transact(bootstrap, topic):
    producer = KafkaProducer(bootstrap_servers=bootstrap.split(","), transactional_id="kafka-python")
    producer.init_transactions()
    for outcome in ["committed", "aborted"]:
        producer.begin_transaction()
        producer.send(topic, value=outcome.encode(), partition=0).get(20)
        if outcome == "committed":
            producer.commit_transaction()
        else:
            producer.abort_transaction()
    producer.close()
    show("done")


globals()[sys.argv[1]](*sys.argv[2:])

"""kafka-python. The first argument says what to do; what came of it is printed as JSON."""

import json
import sys

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.structs import OffsetAndMetadata
from kafka.errors import KafkaError
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
    """A transaction that is committed, with a group's offset, one that is aborted, and one whose producer another one fences."""
    options = {"bootstrap_servers": bootstrap.split(","), "transactional_id": "kafka-python"}
    producer = KafkaProducer(**options)
    producer.init_transactions()
    for outcome in ["committed", "aborted", "fenced"]:
        producer.begin_transaction()
        producer.send(topic, value=outcome.encode(), partition=0).get(20)
        if outcome == "committed":
            producer.send_offsets_to_transaction({TopicPartition(topic, 0): OffsetAndMetadata(7, "", -1)}, "group")
            producer.commit_transaction()
        elif outcome == "aborted":
            producer.abort_transaction()
        else:
            newer = KafkaProducer(**options)
            newer.init_transactions()
            newer.close()
            try:
                producer.commit_transaction()
            except KafkaError as error:
                show(type(error).__name__)
    producer.close()


def read_committed(bootstrap, topic):
    """What is there up to the end for who reads what is committed."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap.split(","), auto_offset_reset="earliest", isolation_level="read_committed")
    partition = TopicPartition(topic, 0)
    consumer.assign([partition])
    end = consumer.end_offsets([partition])[partition]
    values = []
    while consumer.position(partition) < end:
        values += [record.value.decode() for record in consumer.poll(1000).get(partition, [])]
    consumer.close()
    show(values)


globals()[sys.argv[1]](*sys.argv[2:])

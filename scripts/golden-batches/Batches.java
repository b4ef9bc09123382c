import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.LeaderChangeMessage;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/**
 * Record batches by Kafka's own classes, one line of JSON each.
 *
 * java -cp 'libs/*' Batches.java write    prints batches that Java wrote, and what it reads in them
 * java -cp 'libs/*' Batches.java read     prints what Java reads in the batches (base64, one a line) of its standard input
 */
public class Batches {
    static final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    static final Header[] noHeaders = {};

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("read")) {
            var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String line; (line = lines.readLine()) != null; ) out.println(read(Base64.getDecoder().decode(line)));
            return;
        }
        for (CompressionType codec : List.of(CompressionType.NONE, CompressionType.GZIP, CompressionType.SNAPPY, CompressionType.LZ4, CompressionType.ZSTD)) {
            write("mixed", mixed(builder(codec, TimestampType.CREATE_TIME, 0)));
            write("append time", mixed(builder(codec, TimestampType.LOG_APPEND_TIME, 1_234_567_890_123L)));
            write("transactional", mixed(transactional(codec)));
            write("500 records", many(builder(codec, TimestampType.CREATE_TIME, 77)));
            write("compressible", single(builder(codec, TimestampType.CREATE_TIME, 0), text(200_000)));
            write("random", single(builder(codec, TimestampType.CREATE_TIME, 0), random(70_000)));
            write("blocks", blocks(builder(codec, TimestampType.CREATE_TIME, 0)));
        }
        write("commit", marker(ControlRecordType.COMMIT));
        write("abort", marker(ControlRecordType.ABORT));
        write("leader change", leaderChange());
        write("gaps", gaps());
        write("far timestamps", farTimestamps());
    }

    static void write(String name, MemoryRecords records) throws Exception {
        ByteBuffer buffer = records.buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        out.println("{\"case\":\"" + name + "\",\"bytes\":\"" + Base64.getEncoder().encodeToString(bytes) + "\",\"value\":" + read(bytes) + "}");
    }

    // What is written.

    static MemoryRecordsBuilder builder(CompressionType codec, TimestampType timestampType, long baseOffset) {
        return new MemoryRecordsBuilder(new ByteBufferOutputStream(1024), RecordBatch.MAGIC_VALUE_V2, Compression.of(codec).build(),
            timestampType, baseOffset, 1_700_000_000_500L, RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH,
            RecordBatch.NO_SEQUENCE, false, false, RecordBatch.NO_PARTITION_LEADER_EPOCH, 1 << 20);
    }

    static MemoryRecordsBuilder transactional(CompressionType codec) {
        return new MemoryRecordsBuilder(new ByteBufferOutputStream(1024), RecordBatch.MAGIC_VALUE_V2, Compression.of(codec).build(),
            TimestampType.CREATE_TIME, 9_000_000_000L, RecordBatch.NO_TIMESTAMP, 4_000_000_001L, (short) 12, 2_147_483_645, true, false,
            5, 1 << 20);
    }

    static MemoryRecords mixed(MemoryRecordsBuilder builder) {
        long now = 1_700_000_000_000L;
        builder.append(now, null, bytes("value"), noHeaders);
        builder.append(now + 1, bytes("key"), null, noHeaders);
        builder.append(now - 100_000, new byte[0], new byte[0], noHeaders);
        builder.append(now + (1L << 40), bytes("zażółć"), bytes("gęślą jaźń 🦆"), new Header[] {
            new RecordHeader("a", bytes("first")), new RecordHeader("b", (byte[]) null), new RecordHeader("a", bytes("second")),
            new RecordHeader("", new byte[0]), new RecordHeader("ключ", new byte[] {0, -1}),
        });
        builder.append(now, (byte[]) null, null, noHeaders);
        builder.append(now, bytes("k".repeat(64)), bytes("v".repeat(9_000)), noHeaders);
        return builder.build();
    }

    static MemoryRecords many(MemoryRecordsBuilder builder) {
        for (int i = 0; i < 500; i++) builder.append(1_700_000_000_000L + i / 3, bytes("key-" + i % 7), bytes("value number " + i), noHeaders);
        return builder.build();
    }

    static MemoryRecords single(MemoryRecordsBuilder builder, byte[] value) {
        builder.append(1_700_000_000_000L, bytes("key"), value, noHeaders);
        return builder.build();
    }

    /** Across the block sizes of snappy (32 KiB) and lz4 (64 KiB), some of which compress and some do not. */
    static MemoryRecords blocks(MemoryRecordsBuilder builder) {
        for (int size : new int[] {1, 32_767, 3_000, 65_536}) {
            builder.append(1_700_000_000_000L, null, text(size), noHeaders);
            builder.append(1_700_000_000_000L, null, random(size / 2), noHeaders);
        }
        return builder.build();
    }

    static MemoryRecords marker(ControlRecordType type) {
        return MemoryRecords.withEndTransactionMarker(41, 1_700_000_000_000L, 3, 4_000_000_001L, (short) 12, new EndTransactionMarker(type, 7));
    }

    static MemoryRecords leaderChange() {
        return MemoryRecords.withLeaderChangeMessage(0, 1_700_000_000_000L, 3, ByteBuffer.allocate(1024), new LeaderChangeMessage().setLeaderId(1));
    }

    /** What compaction leaves: records are missing, the last one too. */
    static MemoryRecords gaps() {
        MemoryRecordsBuilder builder = builder(CompressionType.NONE, TimestampType.CREATE_TIME, 100);
        for (long offset : new long[] {103, 150, 99_999}) builder.appendWithOffset(offset, 1_700_000_000_000L, bytes("key"), bytes("at " + offset));
        builder.overrideLastOffset(200_000);
        return builder.build();
    }

    static MemoryRecords farTimestamps() {
        MemoryRecordsBuilder builder = builder(CompressionType.NONE, TimestampType.CREATE_TIME, 0);
        for (long timestamp : new long[] {Long.MAX_VALUE, 0, -1, (1L << 53) - 1, 1L << 53, (1L << 53) + 3, 1_700_000_000_000L}) {
            builder.append(timestamp, null, bytes("" + timestamp), noHeaders);
        }
        return builder.build();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] text(int length) {
        StringBuilder text = new StringBuilder();
        for (int line = 0; text.length() < length; line++) text.append("2026-01-01 order ").append(line * 31 % 1009).append(" was paid by customer ").append(line % 50).append('\n');
        return bytes(text.substring(0, length));
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    // What is read.

    static String read(byte[] bytes) throws Exception {
        StringJoiner batches = new StringJoiner(",", "[", "]");
        for (RecordBatch batch : MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches()) {
            batch.ensureValid();
            StringJoiner records = new StringJoiner(",", "[", "]");
            for (Record record : batch) records.add(describe(record));
            batches.add(describe((DefaultRecordBatch) batch).add("\"records\":" + records).toString());
        }
        return batches.toString();
    }

    static StringJoiner describe(DefaultRecordBatch batch) {
        return new StringJoiner(",", "{", "}")
            .add("\"baseOffset\":" + batch.baseOffset())
            .add("\"lastOffset\":" + batch.lastOffset())
            .add("\"recordCount\":" + batch.countOrNull())
            .add("\"compression\":\"" + batch.compressionType().name + "\"")
            .add("\"partitionLeaderEpoch\":" + batch.partitionLeaderEpoch())
            .add("\"timestampType\":\"" + (batch.timestampType() == TimestampType.LOG_APPEND_TIME ? "logAppendTime" : "createTime") + "\"")
            .add("\"isTransactional\":" + batch.isTransactional())
            .add("\"isControl\":" + batch.isControlBatch())
            .add("\"maxTimestamp\":\"" + batch.maxTimestamp() + "\"")
            .add("\"producerId\":" + batch.producerId())
            .add("\"producerEpoch\":" + batch.producerEpoch())
            .add("\"baseSequence\":" + batch.baseSequence());
    }

    static String describe(Record record) throws Exception {
        StringJoiner headers = new StringJoiner(",", "[", "]");
        for (Header header : record.headers()) {
            byte[] value = header.value();
            headers.add("[" + describe(ByteBuffer.wrap(bytes(header.key()))) + "," + describe(value == null ? null : ByteBuffer.wrap(value)) + "]");
        }
        return new StringJoiner(",", "{", "}")
            .add("\"offset\":" + record.offset())
            .add("\"timestamp\":\"" + record.timestamp() + "\"")
            .add("\"key\":" + describe(record.key()))
            .add("\"value\":" + describe(record.value()))
            .add("\"headers\":" + headers)
            .toString();
    }

    /** Hex; of much, its length and digest. */
    static String describe(ByteBuffer buffer) throws Exception {
        if (buffer == null) return "null";
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        if (bytes.length <= 100) return "\"" + HexFormat.of().formatHex(bytes) + "\"";
        return "\"" + bytes.length + " bytes, sha256 " + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)) + "\"";
    }
}

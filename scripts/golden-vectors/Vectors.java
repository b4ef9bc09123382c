import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.ControlRecordTypeSchema;
import org.apache.kafka.common.message.EndTxnMarker;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.SendBuilder;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.ResponseHeader;

/**
 * Prints what Kafka's own classes write, for the codecs to be compared with: one line of JSON per message, version and case.
 *
 * java -cp 'libs/*' Vectors.java FOLDER writes vectors.jsonl, frames.jsonl, refusals.jsonl and errors.jsonl into the folder.
 *
 * A value is printed field by field, with the fields that the version does not carry, as Java has them after reading its own bytes.
 * Kafka's JSON converters print the carried fields too, and both must agree.
 */
public class Vectors {
    /** How the fields of a message are filled. */
    enum Case { DEFAULT, FILLED, NULLS }

    static final ObjectMapper MAPPER = new ObjectMapper();
    static int count = 0;
    /** The newest stable version of the message at hand. */
    static short newest;

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Files.createDirectories(folder);
        try (PrintStream out = open(folder.resolve("vectors.jsonl"))) {
            for (ApiMessageType type : ApiMessageType.values()) {
                if (!isForClients(type)) continue;
                newest = type.highestSupportedVersion(false);
                for (short v = type.lowestSupportedVersion(); v <= newest; v++) {
                    for (Case filling : Case.values()) {
                        print(out, type.name, "request", v, filling, type.newRequest());
                        print(out, type.name, "response", v, filling, type.newResponse());
                    }
                }
            }
            for (Class<?> data : List.of(ConsumerProtocolSubscription.class, ConsumerProtocolAssignment.class,
                    ControlRecordTypeSchema.class, EndTxnMarker.class)) {
                ApiMessage sample = (ApiMessage) data.getConstructor().newInstance();
                newest = sample.highestSupportedVersion();
                for (short v = sample.lowestSupportedVersion(); v <= newest; v++) {
                    for (Case filling : Case.values()) {
                        print(out, data.getSimpleName(), "data", v, filling, (ApiMessage) data.getConstructor().newInstance());
                    }
                }
            }
        }
        System.out.println(count + " messages");
        count = 0;
        try (PrintStream out = open(folder.resolve("frames.jsonl"))) {
            for (ApiMessageType type : ApiMessageType.values()) {
                if (isForClients(type)) printFrames(out, type);
            }
        }
        System.out.println(count + " frames");
        count = 0;
        try (PrintStream out = open(folder.resolve("refusals.jsonl"))) {
            for (ApiMessageType type : ApiMessageType.values()) {
                if (!isForClients(type)) continue;
                newest = type.highestSupportedVersion(false);
                new Refusals(out, type.name, "request", type.newRequest()).print();
                new Refusals(out, type.name, "response", type.newResponse()).print();
            }
        }
        System.out.println(count + " fields that some version cannot carry");
        try (PrintStream out = open(folder.resolve("errors.jsonl"))) {
            for (Errors error : Errors.values()) printError(out, error);
        }
        System.out.println(Errors.values().length + " error codes");
    }

    static PrintStream open(Path path) throws IOException {
        return new PrintStream(Files.newOutputStream(path), false, StandardCharsets.UTF_8);
    }

    static boolean isForClients(ApiMessageType type) {
        return type.lowestSupportedVersion() <= type.highestSupportedVersion(false)
            && type.listeners().contains(ApiMessageType.ListenerType.BROKER);
    }

    static void print(PrintStream out, String name, String kind, short version, Case filling, ApiMessage message) throws Exception {
        Filler filler = new Filler(version, filling);
        filler.fill(message);
        if (filling == Case.NULLS && filler.nulls == 0) return;
        byte[] bytes = bytesOf(message, version);
        ApiMessage readBack = message.getClass().getConstructor().newInstance();
        readBack.read(new ByteBufferAccessor(ByteBuffer.wrap(bytes)), version);
        Map<String, Object> value = valueOf(readBack);
        String where = name + " " + kind + " version " + version + " " + filling;
        checkAgainstConverter(where, readBack, version, value);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("name", name);
        line.put("kind", kind);
        line.put("version", version);
        line.put("case", filling.name().toLowerCase());
        line.put("bytes", HexFormat.of().formatHex(bytes));
        line.put("value", value);
        out.print(MAPPER.writeValueAsString(line) + "\n");
        count++;
    }

    /** What Java puts on the wire for this message alone. SendBuilder knows how to write records; MessageUtil does not. */
    static byte[] bytesOf(ApiMessage message, short version) throws IOException {
        byte[] frame = bytesOf(SendBuilder.buildResponseSend(new ResponseHeader(0, (short) 0), message, version));
        byte[] body = new byte[frame.length - 8]; // behind the length and the header of version 0, which is the correlation id
        System.arraycopy(frame, 8, body, 0, body.length);
        return body;
    }

    static byte[] bytesOf(Send send) throws IOException {
        ByteArrayChannel channel = new ByteArrayChannel();
        while (!send.completed()) send.writeTo(channel);
        return channel.bytes.toByteArray();
    }

    /** Sets a message's fields: those that the version carries, each to a value that it has nowhere else. */
    static class Filler {
        final short version;
        final Case filling;
        int next = 0;
        int nulls = 0;

        Filler(short version, Case filling) {
            this.version = version;
            this.filling = filling;
        }

        void fill(Object message) throws Exception {
            Schema schema = ((Schema[]) message.getClass().getField("SCHEMAS").get(null))[version];
            for (var field : schemaFields(schema)) set(message, field.name, field.type);
        }

        void set(Object message, String schemaName, Type type) throws Exception {
            Field field = fieldOf(message.getClass(), schemaName);
            Object value = field.get(message);
            if (filling == Case.DEFAULT) {
                // Records have no default that every version can carry.
                if (value == null && !type.isNullable()) field.set(message, MemoryRecords.EMPTY);
            } else if (filling == Case.NULLS && type.isNullable()) {
                nulls++;
                field.set(message, null);
            } else {
                field.set(message, valueFor(field.getType(), field.getGenericType(), value));
            }
        }

        Object valueFor(Class<?> type, java.lang.reflect.Type generic, Object current) throws Exception {
            int n = ++next;
            if (type == boolean.class) return !(Boolean) current;
            if (type == byte.class) return (byte) (0x20 + n % 0x50);
            if (type == short.class) return (short) (0x0201 + n);
            if (type == int.class) return 0x04030201 + n;
            if (type == long.class) return 0x000a0b0c0d0e0f01L + n;
            if (type == double.class) return 0.5 + n;
            // Now and then longer than a one-byte varint can say, and never ASCII alone.
            if (type == String.class) return (n % 11 == 0 ? "long".repeat(40) : "s\u00e9") + n;
            if (type == Uuid.class) return new Uuid(0x0102030405060708L, 0x1112131415161718L + n);
            if (type == byte[].class) return bytes(n);
            if (type == ByteBuffer.class) return ByteBuffer.wrap(bytes(n));
            if (type == BaseRecords.class) return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(n, new byte[] {1}, bytes(n)));
            if (Collection.class.isAssignableFrom(type)) return twoElements(type, generic);
            Object struct = type.getConstructor().newInstance();
            fill(struct);
            return struct;
        }

        @SuppressWarnings("unchecked")
        Object twoElements(Class<?> type, java.lang.reflect.Type generic) throws Exception {
            Class<?> element = elementOf(type, generic);
            Collection<Object> elements = type == List.class ? new ArrayList<>() : (Collection<Object>) type.getConstructor().newInstance();
            for (int i = 0; i < 2; i++) elements.add(valueFor(primitiveOf(element), element, false));
            if (elements.size() != 2) throw new IllegalStateException(type + " took " + elements.size() + " of 2 elements");
            return elements;
        }

        static Class<?> elementOf(Class<?> type, java.lang.reflect.Type generic) {
            java.lang.reflect.Type parameterized = generic instanceof ParameterizedType ? generic : type.getGenericSuperclass();
            return (Class<?>) ((ParameterizedType) parameterized).getActualTypeArguments()[0];
        }

        static byte[] bytes(int n) {
            return new byte[] {(byte) n, 0, (byte) 0xff, (byte) 0x80, 0x7f};
        }

        static Class<?> primitiveOf(Class<?> type) {
            if (type == Byte.class) return byte.class;
            if (type == Short.class) return short.class;
            if (type == Integer.class) return int.class;
            if (type == Long.class) return long.class;
            return type;
        }
    }

    /** What Java does when a field is set that a version cannot carry, or null where a version forbids it: refuses it, or leaves it out. */
    static class Refusals {
        final PrintStream out;
        final String name;
        final String kind;
        final Class<?> root;
        final short oldest;

        Refusals(PrintStream out, String name, String kind, ApiMessage message) {
            this.out = out;
            this.name = name;
            this.kind = kind;
            this.root = message.getClass();
            this.oldest = message.lowestSupportedVersion();
        }

        void print() throws Exception {
            print(List.of(), root);
        }

        /** Tries each field of a struct, which lies at the end of `way`. */
        void print(List<Field> way, Class<?> struct) throws Exception {
            Set<Field> carried = carriedFields(struct);
            for (Field field : fieldsOf(struct)) {
                if (!carried.contains(field)) continue;
                List<Field> path = new ArrayList<>(way);
                path.add(field);
                tryVersions(path, false);
                tryVersions(path, true);
                Class<?> inner = structOf(field);
                if (inner != null) print(path, inner);
            }
        }

        void tryVersions(List<Field> path, boolean toNull) throws Exception {
            List<Short> refused = new ArrayList<>();
            List<Short> dropped = new ArrayList<>();
            boolean nullableSomewhere = false;
            short richest = 0;
            for (short v = oldest; v <= newest; v++) {
                Type type = typeAt(path.get(path.size() - 1), v);
                if (type != null && type.isNullable()) nullableSomewhere = true;
                if (type != null) richest = v;
            }
            if (toNull && !nullableSomewhere) return;
            ApiMessage message = (ApiMessage) root.getConstructor().newInstance();
            setAt(message, path, richest, toNull);
            for (short v = oldest; v <= newest; v++) {
                if (!isWayCarried(path, v)) continue;
                Type type = typeAt(path.get(path.size() - 1), v);
                if (toNull ? type == null || type.isNullable() : type != null) continue;
                try {
                    bytesOf(message, v);
                    dropped.add(v);
                } catch (UnsupportedVersionException | NullPointerException refusal) {
                    refused.add(v);
                }
            }
            if (refused.isEmpty() && dropped.isEmpty()) return;
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("name", name);
            line.put("kind", kind);
            line.put("field", String.join(".", path.stream().map(Field::getName).toList()) + (toNull ? ": null" : ""));
            line.put("refused", refused);
            line.put("dropped", dropped);
            line.put("value", valueOf(message));
            out.print(MAPPER.writeValueAsString(line) + "\n");
            count++;
        }

        /** Everything above the field is carried, so that the field alone decides. */
        boolean isWayCarried(List<Field> path, short v) throws Exception {
            for (Field above : path.subList(0, path.size() - 1)) {
                if (typeAt(above, v) == null) return false;
            }
            return true;
        }

        /** A message with the field set and all else default; arrays on the way have one element. */
        void setAt(Object message, List<Field> path, short v, boolean toNull) throws Exception {
            Filler defaults = new Filler(v, Case.DEFAULT);
            defaults.fill(message);
            Field field = path.get(0);
            if (path.size() > 1) {
                Object inner = structOf(field).getConstructor().newInstance();
                setAt(inner, path.subList(1, path.size()), v, toNull);
                field.set(message, collectionOrItself(field, inner));
            } else {
                Filler filler = new Filler(v, Case.FILLED);
                field.set(message, toNull ? null : filler.valueFor(field.getType(), field.getGenericType(), field.get(message)));
            }
        }

        @SuppressWarnings("unchecked")
        static Object collectionOrItself(Field field, Object element) throws Exception {
            if (!Collection.class.isAssignableFrom(field.getType())) return element;
            Collection<Object> elements = field.getType() == List.class
                ? new ArrayList<>() : (Collection<Object>) field.getType().getConstructor().newInstance();
            elements.add(element);
            return elements;
        }

        /** The type of a field in a version, null when the version does not carry it. */
        static Type typeAt(Field field, short v) throws Exception {
            Schema[] schemas = (Schema[]) field.getDeclaringClass().getField("SCHEMAS").get(null);
            if (v >= schemas.length || schemas[v] == null) return null;
            for (var candidate : schemaFields(schemas[v])) {
                if (fieldOf(field.getDeclaringClass(), candidate.name).equals(field)) return candidate.type;
            }
            return null;
        }

        /** The class of a field's structs, null when it has none. */
        static Class<?> structOf(Field field) {
            Class<?> type = field.getType();
            if (Collection.class.isAssignableFrom(type)) type = Filler.elementOf(type, field.getGenericType());
            return Message.class.isAssignableFrom(type) ? type : null;
        }
    }

    /** Schemas say topic_id where the class says topicId. */
    static Field fieldOf(Class<?> message, String schemaName) {
        String wanted = schemaName.replace("_", "").toLowerCase();
        for (Field field : fieldsOf(message)) {
            if (field.getName().toLowerCase().equals(wanted)) return field;
        }
        throw new IllegalStateException(message + " has no field for " + schemaName);
    }

    /** The fields that hold a message's values. Those of linked collections, and of unknown tags, are not among them. */
    static List<Field> fieldsOf(Class<?> message) {
        List<Field> fields = new ArrayList<>();
        for (Field field : message.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) || Modifier.isPrivate(field.getModifiers())) continue;
            field.setAccessible(true);
            fields.add(field);
        }
        return fields;
    }

    static Map<String, Object> valueOf(Object message) throws Exception {
        Map<String, Object> values = new LinkedHashMap<>();
        Set<Field> carried = carriedFields(message.getClass());
        for (Field field : fieldsOf(message.getClass())) {
            if (carried.contains(field)) values.put(field.getName(), plain(field.get(message)));
        }
        return values;
    }

    /** The fields that some stable version carries. Those of versions that are gone, or not settled yet, are still in the class. */
    static Set<Field> carriedFields(Class<?> message) throws Exception {
        Set<Field> fields = new HashSet<>();
        Schema[] schemas = (Schema[]) message.getField("SCHEMAS").get(null);
        for (int v = 0; v <= Math.min(newest, schemas.length - 1); v++) {
            if (schemas[v] != null) for (var field : schemaFields(schemas[v])) fields.add(fieldOf(message, field.name));
        }
        return fields;
    }

    /** The fields of a schema, those with a tag among them. */
    static List<org.apache.kafka.common.protocol.types.Field> schemaFields(Schema schema) {
        List<org.apache.kafka.common.protocol.types.Field> fields = new ArrayList<>();
        for (BoundField bound : schema.fields()) {
            if (bound.def.type instanceof TaggedFields tagged) fields.addAll(tagged.fields().values());
            else fields.add(bound.def);
        }
        return fields;
    }

    static Object plain(Object value) throws Exception {
        if (value == null || value instanceof Boolean || value instanceof String || value instanceof Double) return value;
        if (value instanceof Long number && number == Long.MAX_VALUE) return "Infinity";
        if (value instanceof Number) return value;
        if (value instanceof Uuid) return value.toString();
        if (value instanceof byte[] bytes) return Map.of("base64", Base64.getEncoder().encodeToString(bytes));
        if (value instanceof ByteBuffer buffer) return plain(bytesIn(buffer));
        if (value instanceof MemoryRecords records) return plain(bytesIn(records.buffer()));
        if (value instanceof Collection<?> collection) {
            List<Object> elements = new ArrayList<>();
            for (Object element : collection) elements.add(plain(element));
            return elements;
        }
        return valueOf(value);
    }

    static byte[] bytesIn(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static final Map<String, Method> CONVERTERS = new HashMap<>();

    static void checkAgainstConverter(String where, ApiMessage message, short version, Map<String, Object> value) throws Exception {
        Class<?> type = message.getClass();
        Method write = CONVERTERS.get(type.getName());
        if (write == null) {
            write = Class.forName(type.getName() + "JsonConverter").getMethod("write", type, short.class, boolean.class);
            CONVERTERS.put(type.getName(), write);
        }
        JsonNode converted = (JsonNode) write.invoke(null, message, version, false);
        checkContains(where, reparsed(value), reparsed(converted));
    }

    /** As text has it: an int and a long of the same value are the same number. */
    static JsonNode reparsed(Object value) throws IOException {
        return MAPPER.readTree(MAPPER.writeValueAsBytes(value));
    }

    static final String SIZE = "SizeInBytes";

    /** Whether everything that the converter printed is in the value. It prints the size of records, not their bytes. */
    static void checkContains(String where, JsonNode value, JsonNode converted) {
        if (converted.isTextual() && value.has("base64")) {
            checkContains(where, value.get("base64"), converted);
        } else if (converted.isObject()) {
            for (var entry : converted.properties()) {
                String name = entry.getKey();
                if (name.endsWith(SIZE)) {
                    int size = bytesIn(value.get(name.substring(0, name.length() - SIZE.length())));
                    if (size != entry.getValue().intValue()) throw new IllegalStateException(where + "." + name + ": " + size);
                } else if (value.has(name)) {
                    checkContains(where + "." + name, value.get(name), entry.getValue());
                } else {
                    throw new IllegalStateException(where + ": no " + name);
                }
            }
        } else if (converted.isArray()) {
            if (value.size() != converted.size()) throw new IllegalStateException(where + ": other length");
            for (int i = 0; i < converted.size(); i++) checkContains(where + "." + i, value.get(i), converted.get(i));
        } else if (!value.equals(converted) && !(value.asText().equals("Infinity") && converted.asLong() == Long.MAX_VALUE)) {
            throw new IllegalStateException(where + ": " + value + " is " + converted + " to Kafka's converter");
        }
    }

    static int bytesIn(JsonNode base64) {
        return Base64.getDecoder().decode(base64.get("base64").textValue()).length;
    }

    /** Whole frames, with length and header: one of each API and version, with a default body. */
    static void printFrames(PrintStream out, ApiMessageType type) throws Exception {
        for (short v = type.lowestSupportedVersion(); v <= type.highestSupportedVersion(false); v++) {
            String clientId = v % 2 == 0 ? "caf\u00e9" : null;
            int correlationId = 0x01020304 + v;
            ApiMessage request = type.newRequest();
            new Filler(v, Case.DEFAULT).fill(request);
            ApiMessage response = type.newResponse();
            new Filler(v, Case.DEFAULT).fill(response);
            RequestHeaderData header = new RequestHeaderData().setRequestApiKey(type.apiKey()).setRequestApiVersion(v)
                .setCorrelationId(correlationId).setClientId(clientId);
            ApiKeys key = ApiKeys.forId(type.apiKey());
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("name", type.name);
            line.put("key", type.apiKey());
            line.put("version", v);
            line.put("clientId", clientId);
            line.put("correlationId", correlationId);
            line.put("requestHeaderVersion", key.requestHeaderVersion(v));
            line.put("responseHeaderVersion", key.responseHeaderVersion(v));
            line.put("request", hex(SendBuilder.buildRequestSend(new RequestHeader(header, key.requestHeaderVersion(v)), request)));
            line.put("response", hex(SendBuilder.buildResponseSend(
                new ResponseHeader(new ResponseHeaderData().setCorrelationId(correlationId), key.responseHeaderVersion(v)), response, v)));
            out.print(MAPPER.writeValueAsString(line) + "\n");
            count += 2;
        }
    }

    static String hex(Send send) throws IOException {
        return HexFormat.of().formatHex(bytesOf(send));
    }

    static void printError(PrintStream out, Errors error) throws Exception {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("code", error.code());
        line.put("name", error.name());
        line.put("retriable", error.exception() instanceof org.apache.kafka.common.errors.RetriableException);
        line.put("staleMetadata", error.exception() instanceof org.apache.kafka.common.errors.InvalidMetadataException);
        out.print(MAPPER.writeValueAsString(line) + "\n");
    }

    /** Takes what a Send writes. */
    static class ByteArrayChannel implements TransferableChannel {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public int write(ByteBuffer source) {
            int length = source.remaining();
            byte[] copy = new byte[length];
            source.get(copy);
            bytes.write(copy, 0, length);
            return length;
        }

        @Override
        public long write(ByteBuffer[] sources) {
            return write(sources, 0, sources.length);
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            long written = 0;
            for (int i = offset; i < offset + length; i++) written += write(sources[i]);
            return written;
        }

        @Override
        public boolean hasPendingWrites() {
            return false;
        }

        @Override
        public long transferFrom(java.nio.channels.FileChannel file, long position, long length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() { }
    }
}

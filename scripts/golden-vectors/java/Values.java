import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Messages as plain values: all their fields, also those that the version at hand does not carry. */
final class Values {
    static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String SIZE = "SizeInBytes";
    private static final Map<String, Method> CONVERTERS = new HashMap<>();

    private Values() { }

    static Map<String, Object> of(Object message, short newest) throws ReflectiveOperationException {
        Map<String, Object> values = new LinkedHashMap<>();
        Set<Field> carried = Fields.carried(message.getClass(), newest);
        for (Field field : Fields.of(message.getClass())) {
            if (carried.contains(field)) values.put(field.getName(), plain(field.get(message), newest));
        }
        return values;
    }

    private static Object plain(Object value, short newest) throws ReflectiveOperationException {
        if (value == null || value instanceof Boolean || value instanceof String || value instanceof Double) return value;
        if (value instanceof Long number && number == Long.MAX_VALUE) return "Infinity";
        if (value instanceof Number) return value;
        if (value instanceof Uuid) return value.toString();
        if (value instanceof byte[] bytes) return Map.of("base64", Base64.getEncoder().encodeToString(bytes));
        if (value instanceof ByteBuffer buffer) return plain(bytesIn(buffer), newest);
        if (value instanceof MemoryRecords records) return plain(bytesIn(records.buffer()), newest);
        if (value instanceof Collection<?> collection) {
            List<Object> elements = new ArrayList<>();
            for (Object element : collection) elements.add(plain(element, newest));
            return elements;
        }
        return of(value, newest);
    }

    static byte[] bytesIn(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** Throws when Kafka's JSON converter prints anything that is not in the value. It leaves out what the version does not carry. */
    static void checkAgainstConverter(String where, ApiMessage message, short version, Map<String, Object> value) throws Exception {
        Class<?> type = message.getClass();
        Method write = CONVERTERS.get(type.getName());
        if (write == null) {
            write = Class.forName(type.getName() + "JsonConverter").getMethod("write", type, short.class, boolean.class);
            CONVERTERS.put(type.getName(), write);
        }
        checkContains(where, reparsed(value), reparsed(write.invoke(null, message, version, false)));
    }

    /** As text has it: an int and a long of the same value are the same number. */
    private static JsonNode reparsed(Object value) throws IOException {
        return MAPPER.readTree(MAPPER.writeValueAsBytes(value));
    }

    private static void checkContains(String where, JsonNode value, JsonNode converted) {
        if (converted.isTextual() && value.has("base64")) {
            checkContains(where, value.get("base64"), converted);
        } else if (converted.isObject()) {
            for (var entry : converted.properties()) checkField(where, value, entry.getKey(), entry.getValue());
        } else if (converted.isArray()) {
            if (value.size() != converted.size()) throw new IllegalStateException(where + ": other length");
            for (int i = 0; i < converted.size(); i++) checkContains(where + "." + i, value.get(i), converted.get(i));
        } else if (!value.equals(converted) && !(value.asText().equals("Infinity") && converted.asLong() == Long.MAX_VALUE)) {
            throw new IllegalStateException(where + ": " + value + " is " + converted + " to Kafka's converter");
        }
    }

    /** The converter prints the size of records, not their bytes. */
    private static void checkField(String where, JsonNode value, String name, JsonNode converted) {
        if (name.endsWith(SIZE)) {
            String base64 = value.get(name.substring(0, name.length() - SIZE.length())).get("base64").textValue();
            int size = Base64.getDecoder().decode(base64).length;
            if (size != converted.intValue()) throw new IllegalStateException(where + "." + name + ": " + size);
        } else if (value.has(name)) {
            checkContains(where + "." + name, value.get(name), converted);
        } else {
            throw new IllegalStateException(where + ": no " + name);
        }
    }
}

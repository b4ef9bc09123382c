import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Sets the fields that a version carries, each to a value that the message has nowhere else. */
final class Filler {
    /** How fields are filled. */
    enum Case { DEFAULT, FILLED, NULLS }

    private static final Map<Class<?>, Class<?>> PRIMITIVES =
        Map.of(Byte.class, byte.class, Short.class, short.class, Integer.class, int.class, Long.class, long.class);

    private final short version;
    private final Case filling;
    private int next = 0;
    /** How many fields were set to null. */
    int nulls = 0;

    Filler(short version, Case filling) {
        this.version = version;
        this.filling = filling;
    }

    void fill(Object message) throws ReflectiveOperationException {
        for (var field : Fields.inSchema(message.getClass(), version)) set(message, Fields.named(message.getClass(), field.name), field.type);
    }

    private void set(Object message, Field field, Type type) throws ReflectiveOperationException {
        Object value = field.get(message);
        if (filling == Case.DEFAULT) {
            // Records have no default that every version can carry.
            if (value == null && !type.isNullable()) field.set(message, MemoryRecords.EMPTY);
        } else if (filling == Case.NULLS && type.isNullable()) {
            nulls++;
            field.set(message, null);
        } else {
            field.set(message, valueFor(field, value));
        }
    }

    Object valueFor(Field field, Object current) throws ReflectiveOperationException {
        return valueFor(field.getType(), field.getGenericType(), current);
    }

    private Object valueFor(Class<?> type, java.lang.reflect.Type generic, Object current) throws ReflectiveOperationException {
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

    private Object twoElements(Class<?> type, java.lang.reflect.Type generic) throws ReflectiveOperationException {
        Class<?> element = Fields.elementOf(type, generic);
        Collection<Object> elements = Fields.newCollection(type);
        for (int i = 0; i < 2; i++) elements.add(valueFor(PRIMITIVES.getOrDefault(element, element), element, false));
        if (elements.size() != 2) throw new IllegalStateException(type + " took " + elements.size() + " of 2 elements");
        return elements;
    }

    private static byte[] bytes(int n) {
        return new byte[] {(byte) n, 0, (byte) 0xff, (byte) 0x80, 0x7f};
    }
}

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;

/** What a message's class and its schemas say about its fields. */
final class Fields {
    private Fields() { }

    /** The fields that hold a message's values. Those of linked collections, and of unknown tags, are private. */
    static List<Field> of(Class<?> message) {
        List<Field> fields = new ArrayList<>();
        for (Field field : message.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) || Modifier.isPrivate(field.getModifiers())) continue;
            field.setAccessible(true);
            fields.add(field);
        }
        return fields;
    }

    /** Schemas say topic_id where the class says topicId. */
    static Field named(Class<?> message, String schemaName) {
        String wanted = schemaName.replace("_", "").toLowerCase();
        for (Field field : of(message)) {
            if (field.getName().toLowerCase().equals(wanted)) return field;
        }
        throw new IllegalStateException(message + " has no field for " + schemaName);
    }

    /** The fields that some version up to `newest` carries. Those of versions that are gone, or not settled yet, are still in the class. */
    static Set<Field> carried(Class<?> message, short newest) throws ReflectiveOperationException {
        Set<Field> fields = new HashSet<>();
        for (short v = 0; v <= newest; v++) {
            for (var field : inSchema(message, v)) fields.add(named(message, field.name));
        }
        return fields;
    }

    /** The fields of a message's schema, those with a tag among them; none where it has no such version. */
    static List<org.apache.kafka.common.protocol.types.Field> inSchema(Class<?> message, short version) throws ReflectiveOperationException {
        Schema[] schemas = (Schema[]) message.getField("SCHEMAS").get(null);
        List<org.apache.kafka.common.protocol.types.Field> fields = new ArrayList<>();
        if (version >= schemas.length || schemas[version] == null) return fields;
        for (BoundField bound : schemas[version].fields()) {
            if (bound.def.type instanceof TaggedFields tagged) fields.addAll(tagged.fields().values());
            else fields.add(bound.def);
        }
        return fields;
    }

    /** The type of a field in a version, null when the version does not carry it. */
    static Type typeAt(Field field, short version) throws ReflectiveOperationException {
        for (var candidate : inSchema(field.getDeclaringClass(), version)) {
            if (named(field.getDeclaringClass(), candidate.name).equals(field)) return candidate.type;
        }
        return null;
    }

    /** The class of a field's structs, null when it has none. */
    static Class<?> structOf(Field field) {
        Class<?> type = field.getType();
        if (Collection.class.isAssignableFrom(type)) type = elementOf(type, field.getGenericType());
        return Message.class.isAssignableFrom(type) ? type : null;
    }

    static Class<?> elementOf(Class<?> collection, java.lang.reflect.Type generic) {
        java.lang.reflect.Type parameterized = generic instanceof ParameterizedType ? generic : collection.getGenericSuperclass();
        return (Class<?>) ((ParameterizedType) parameterized).getActualTypeArguments()[0];
    }

    @SuppressWarnings("unchecked")
    static Collection<Object> newCollection(Class<?> type) throws ReflectiveOperationException {
        return type == List.class ? new ArrayList<>() : (Collection<Object>) type.getConstructor().newInstance();
    }
}

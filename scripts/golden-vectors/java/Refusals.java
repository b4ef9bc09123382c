import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.types.Type;

/** What Java does when a field is set that a version cannot carry, or null where a version forbids it: refuses it, or leaves it out. */
final class Refusals {
    private final Class<?> root;
    private final short oldest;
    private final short newest;
    private final List<Map<String, Object>> lines = new ArrayList<>();

    private Refusals(ApiMessage message, short newest) {
        this.root = message.getClass();
        this.oldest = message.lowestSupportedVersion();
        this.newest = newest;
    }

    /** A line for each field, and each field that may be null, that some version cannot carry. */
    static List<Map<String, Object>> of(ApiMessage message, short newest) throws Exception {
        Refusals refusals = new Refusals(message, newest);
        refusals.tryFields(List.of(), refusals.root);
        return refusals.lines;
    }

    /** Tries each field of a struct, which lies at the end of `way`. */
    private void tryFields(List<Field> way, Class<?> struct) throws Exception {
        Set<Field> carried = Fields.carried(struct, newest);
        for (Field field : Fields.of(struct)) {
            if (!carried.contains(field)) continue;
            List<Field> path = new ArrayList<>(way);
            path.add(field);
            tryVersions(path, false);
            tryVersions(path, true);
            Class<?> inner = Fields.structOf(field);
            if (inner != null) tryFields(path, inner);
        }
    }

    private void tryVersions(List<Field> path, boolean toNull) throws Exception {
        Field field = path.get(path.size() - 1);
        boolean nullableSomewhere = false;
        short richest = 0;
        for (short v = oldest; v <= newest; v++) {
            Type type = Fields.typeAt(field, v);
            if (type == null) continue;
            richest = v;
            nullableSomewhere |= type.isNullable();
        }
        if (toNull && !nullableSomewhere) return;
        ApiMessage message = (ApiMessage) root.getConstructor().newInstance();
        setAt(message, path, richest, toNull);
        List<Short> refused = new ArrayList<>();
        List<Short> dropped = new ArrayList<>();
        for (short v = oldest; v <= newest; v++) {
            if (!isWayCarried(path, v) || isCarried(field, v, toNull)) continue;
            try {
                Wire.bytesOf(message, v);
                dropped.add(v);
            } catch (UnsupportedVersionException | NullPointerException refusal) {
                refused.add(v);
            }
        }
        if (refused.isEmpty() && dropped.isEmpty()) return;
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("field", String.join(".", path.stream().map(Field::getName).toList()) + (toNull ? ": null" : ""));
        line.put("refused", refused);
        line.put("dropped", dropped);
        line.put("value", Values.of(message, newest));
        lines.add(line);
    }

    /** Whether the version has no trouble with the field; a null is tried only where the version has the field. */
    private static boolean isCarried(Field field, short v, boolean toNull) throws ReflectiveOperationException {
        Type type = Fields.typeAt(field, v);
        return toNull ? type == null || type.isNullable() : type != null;
    }

    /** Everything above the field is carried, so that the field alone decides. */
    private static boolean isWayCarried(List<Field> path, short v) throws ReflectiveOperationException {
        for (Field above : path.subList(0, path.size() - 1)) {
            if (Fields.typeAt(above, v) == null) return false;
        }
        return true;
    }

    /** Sets the field and leaves all else default; arrays on the way get one element. */
    private static void setAt(Object message, List<Field> path, short v, boolean toNull) throws ReflectiveOperationException {
        new Filler(v, Filler.Case.DEFAULT).fill(message);
        Field field = path.get(0);
        if (path.size() == 1) {
            field.set(message, toNull ? null : new Filler(v, Filler.Case.FILLED).valueFor(field, field.get(message)));
            return;
        }
        Object inner = Fields.structOf(field).getConstructor().newInstance();
        setAt(inner, path.subList(1, path.size()), v, toNull);
        if (Collection.class.isAssignableFrom(field.getType())) {
            Collection<Object> elements = Fields.newCollection(field.getType());
            elements.add(inner);
            field.set(message, elements);
        } else {
            field.set(message, inner);
        }
    }
}

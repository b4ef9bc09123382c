import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.apache.kafka.server.config.QuotaConfig;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.server.metrics.ClientMetricsConfigs;
import org.apache.kafka.storage.internals.log.LogConfig;

/** Prints the definitions of all of Kafka's configurations as JSON. */
public class DumpConfigs {
    public static void main(String[] args) throws Exception {
        Map<String, Map<String, Object>> sets = new TreeMap<>();
        Map<String, String> modes = DynamicBrokerConfig.dynamicConfigUpdateModes();
        sets.put("broker", set(AbstractKafkaConfig.CONFIG_DEF, (name, key) -> {
            key.put("update", modes.getOrDefault(name, "read-only"));
            List<String> synonyms = DynamicBrokerConfig.brokerConfigSynonyms(name, true);
            if (synonyms.size() > 1) key.put("synonyms", synonyms);
        }));
        sets.put("brokerQuota", set(QuotaConfig.brokerQuotaConfigs(), (name, key) -> { }));
        sets.put("topic", set(LogConfig.configDefCopy(), (name, key) -> {
            String broker = ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.get(name);
            if (broker != null) key.put("brokerConfig", broker);
        }));
        sets.put("group", set(GroupConfig.CONFIG_DEF, (name, key) -> GroupConfig.brokerSynonym(name).ifPresent(broker -> key.put("brokerConfig", broker))));
        sets.put("clientMetrics", set(ClientMetricsConfigs.configDef(), (name, key) -> { }));
        System.out.println(json(sets));
    }

    interface More {
        void add(String name, Map<String, Object> key);
    }

    static Map<String, Object> set(ConfigDef def, More more) throws Exception {
        Map<String, Object> all = new TreeMap<>();
        for (ConfigDef.ConfigKey key : def.configKeys().values()) {
            Map<String, Object> one = new TreeMap<>();
            one.put("type", key.type.toString().toLowerCase());
            one.put("default", key.hasDefault() ? ConfigDef.convertToString(key.defaultValue, key.type) : null);
            if (!key.hasDefault()) one.put("required", true);
            if (key.internalConfig) one.put("internal", true);
            if (key.validator != null) one.put("validator", validator(key.validator));
            one.put("documentation", key.documentation);
            more.add(key.name, one);
            all.put(key.name, one);
        }
        return all;
    }

    static Map<String, Object> validator(ConfigDef.Validator validator) throws Exception {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("kind", validator.getClass().getName().replaceAll("\\$\\$Lambda.*", "/lambda").replaceAll(".*[.$]", ""));
        fields.put("text", validator.toString());
        if (!validator.getClass().isHidden()) {
            for (Field field : validator.getClass().getDeclaredFields()) {
                if (java.lang.reflect.Modifier.isStatic(field.getModifiers())) continue;
                field.setAccessible(true);
                Object value = field.get(validator);
                if (value instanceof ConfigDef.Validator inner) fields.put(field.getName(), validator(inner));
                else if (value instanceof Collection<?> list) {
                    List<Object> values = new ArrayList<>();
                    for (Object o : list) values.add(o instanceof ConfigDef.Validator inner ? validator(inner) : o);
                    fields.put(field.getName(), values);
                } else if (value instanceof Number || value instanceof Boolean) fields.put(field.getName(), value);
            }
        }
        return fields;
    }

    static String json(Object value) {
        if (value == null || value instanceof Boolean) return String.valueOf(value);
        if (value instanceof Number number) return quote(number.toString());
        if (value instanceof Map<?, ?> map) {
            List<String> parts = new ArrayList<>();
            map.forEach((k, v) -> parts.add(quote(k.toString()) + ":" + json(v)));
            return "{" + String.join(",", parts) + "}";
        }
        if (value instanceof Collection<?> list) return "[" + String.join(",", list.stream().map(DumpConfigs::json).toList()) + "]";
        return quote(value.toString());
    }

    static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }
}

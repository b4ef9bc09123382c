import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiMessage;

/** Reads `NAME KIND VERSION HEX` per line, and prints what Kafka's class makes of the bytes: a value and how many are left, or why it refuses them. */
public final class Judge {
    private Judge() { }

    public static void main(String[] args) throws Exception {
        Map<String, Messages.Kind> kinds = new HashMap<>();
        for (Messages.Kind kind : Messages.all()) kinds.put(kind.name() + " " + kind.kind(), kind);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String text = in.readLine(); text != null; text = in.readLine()) {
            String[] parts = text.split(" ", -1);
            Messages.Kind kind = kinds.get(parts[0] + " " + parts[1]);
            out.print(Values.MAPPER.writeValueAsString(verdict(kind, Short.parseShort(parts[2]), HexFormat.of().parseHex(parts[3]))) + "\n");
        }
        out.flush();
    }

    private static Map<String, Object> verdict(Messages.Kind kind, short version, byte[] bytes) throws ReflectiveOperationException {
        Map<String, Object> verdict = new LinkedHashMap<>();
        ApiMessage message = kind.create();
        try {
            verdict.put("left", Wire.read(message, bytes, version));
            verdict.put("value", Values.of(message, kind.newest()));
        } catch (RuntimeException | OutOfMemoryError refusal) {
            verdict.clear();
            verdict.put("refused", refusal.getClass().getSimpleName() + ": " + refusal.getMessage());
        }
        return verdict;
    }
}

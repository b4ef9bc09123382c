import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidMetadataException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.SendBuilder;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.ResponseHeader;

/**
 * Prints what Kafka's own classes write, for our codecs to be compared with: files of one JSON object per line, in the folder that is given.
 *
 * A value is what Java has after reading its own bytes, so it also shows what Java takes for fields that the version does not carry.
 * Kafka's JSON converters must agree with it.
 */
public final class Vectors {
    private Vectors() { }

    /** Prints lines to a file, and counts them. */
    private static final class Lines implements AutoCloseable {
        private final PrintStream out;
        private int count = 0;

        Lines(String folder, String file) throws IOException {
            out = new PrintStream(Files.newOutputStream(Path.of(folder, file)), false, StandardCharsets.UTF_8);
        }

        void print(Map<String, Object> line) throws IOException {
            out.print(Values.MAPPER.writeValueAsString(line) + "\n");
            count++;
        }

        @Override
        public void close() {
            out.close();
        }
    }

    public static void main(String[] args) throws Exception {
        try (Lines lines = new Lines(args[0], "vectors.jsonl")) {
            for (Messages.Kind message : Messages.all()) printMessage(lines, message);
            System.out.println(lines.count + " messages");
        }
        try (Lines lines = new Lines(args[0], "frames.jsonl")) {
            for (ApiMessageType api : Messages.apis()) printFrames(lines, api);
            System.out.println(lines.count + " requests and responses with their headers");
        }
        try (Lines lines = new Lines(args[0], "refusals.jsonl")) {
            for (Messages.Kind message : Messages.all()) printRefusals(lines, message);
            System.out.println(lines.count + " fields that some version cannot carry");
        }
        try (Lines lines = new Lines(args[0], "errors.jsonl")) {
            for (Errors error : Errors.values()) printError(lines, error);
            System.out.println(lines.count + " error codes");
        }
    }

    private static void printMessage(Lines lines, Messages.Kind message) throws Exception {
        for (short v = message.oldest(); v <= message.newest(); v++) {
            for (Filler.Case filling : Filler.Case.values()) {
                ApiMessage filled = message.create();
                Filler filler = new Filler(v, filling);
                filler.fill(filled);
                if (filling == Filler.Case.NULLS && filler.nulls == 0) continue;
                byte[] bytes = Wire.bytesOf(filled, v);
                ApiMessage readBack = message.create();
                Wire.read(readBack, bytes, v);
                Map<String, Object> value = Values.of(readBack, message.newest());
                String where = message.name() + " " + message.kind() + " version " + v + " " + filling;
                Values.checkAgainstConverter(where, readBack, v, value);
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("name", message.name());
                line.put("kind", message.kind());
                line.put("version", v);
                line.put("case", filling.name().toLowerCase());
                line.put("bytes", HexFormat.of().formatHex(bytes));
                line.put("value", value);
                lines.print(line);
            }
        }
    }

    /** Whole frames, with length and header: one of each API and version, with a default body. */
    private static void printFrames(Lines lines, ApiMessageType api) throws Exception {
        ApiKeys key = ApiKeys.forId(api.apiKey());
        for (short v = api.lowestSupportedVersion(); v <= api.highestSupportedVersion(false); v++) {
            String clientId = v % 2 == 0 ? "caf\u00e9" : null;
            int correlationId = 0x01020304 + v;
            ApiMessage request = api.newRequest();
            new Filler(v, Filler.Case.DEFAULT).fill(request);
            ApiMessage response = api.newResponse();
            new Filler(v, Filler.Case.DEFAULT).fill(response);
            RequestHeaderData requestHeader = new RequestHeaderData().setRequestApiKey(api.apiKey()).setRequestApiVersion(v)
                .setCorrelationId(correlationId).setClientId(clientId);
            ResponseHeaderData responseHeader = new ResponseHeaderData().setCorrelationId(correlationId);
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("name", api.name);
            line.put("key", api.apiKey());
            line.put("version", v);
            line.put("clientId", clientId);
            line.put("correlationId", correlationId);
            line.put("request", hex(SendBuilder.buildRequestSend(new RequestHeader(requestHeader, key.requestHeaderVersion(v)), request)));
            line.put("response", hex(SendBuilder.buildResponseSend(
                new ResponseHeader(responseHeader, key.responseHeaderVersion(v)), response, v)));
            lines.print(line);
        }
    }

    private static String hex(Send send) throws IOException {
        return HexFormat.of().formatHex(Wire.bytesOf(send));
    }

    private static void printRefusals(Lines lines, Messages.Kind message) throws Exception {
        for (Map<String, Object> refusal : Refusals.of(message.create(), message.newest())) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("name", message.name());
            line.put("kind", message.kind());
            line.putAll(refusal);
            lines.print(line);
        }
    }

    private static void printError(Lines lines, Errors error) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("code", error.code());
        line.put("name", error.name());
        line.put("retriable", error.exception() instanceof RetriableException);
        line.put("staleMetadata", error.exception() instanceof InvalidMetadataException);
        lines.print(line);
    }
}

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.ControlRecordTypeSchema;
import org.apache.kafka.common.message.EndTxnMarker;
import org.apache.kafka.common.protocol.ApiMessage;

/** The messages that there are codecs for. */
final class Messages {
    private Messages() { }

    /** One message: a request, a response, or data that lies inside records or other messages. */
    record Kind(String name, String kind, Class<? extends ApiMessage> type, short oldest, short newest) {
        ApiMessage create() throws ReflectiveOperationException {
            return type.getConstructor().newInstance();
        }
    }

    /** The APIs that brokers offer; their unstable versions are not stable enough for golden vectors. */
    static List<ApiMessageType> apis() {
        return Stream.of(ApiMessageType.values())
            .filter(type -> type.lowestSupportedVersion() <= type.highestSupportedVersion(false))
            .filter(type -> type.listeners().contains(ApiMessageType.ListenerType.BROKER))
            .toList();
    }

    static List<Kind> all() {
        Stream<Kind> ofApis = apis().stream().flatMap(api -> {
            short oldest = api.lowestSupportedVersion();
            short newest = api.highestSupportedVersion(false);
            return Stream.of(
                new Kind(api.name, "request", api.newRequest().getClass(), oldest, newest),
                new Kind(api.name, "response", api.newResponse().getClass(), oldest, newest));
        });
        Stream<Kind> data = Stream.of(new ConsumerProtocolSubscription(), new ConsumerProtocolAssignment(),
            new ControlRecordTypeSchema(), new EndTxnMarker()).map(message -> new Kind(message.getClass().getSimpleName(), "data",
                message.getClass(), message.lowestSupportedVersion(), message.highestSupportedVersion()));
        return Stream.concat(ofApis, data).toList();
    }
}

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.SendBuilder;
import org.apache.kafka.common.requests.ResponseHeader;

/** Messages to bytes and back, by Kafka's own ways. */
final class Wire {
    private Wire() { }

    /** A message alone. SendBuilder knows how to write records; MessageUtil does not. */
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

    /** Reads a message; returns how many bytes it left. */
    static int read(ApiMessage message, byte[] bytes, short version) {
        ByteBufferAccessor accessor = new ByteBufferAccessor(ByteBuffer.wrap(bytes));
        message.read(accessor, version);
        return accessor.remaining();
    }

    /** Takes what a Send writes. */
    private static final class ByteArrayChannel implements TransferableChannel {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public int write(ByteBuffer source) {
            byte[] copy = new byte[source.remaining()];
            source.get(copy);
            bytes.write(copy, 0, copy.length);
            return copy.length;
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

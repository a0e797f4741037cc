package io.weir.daemon.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;

/**
 * Asks a running daemon over its admin endpoint: one request, one answer, one connection.
 *
 * <p>Own, since the JDK's client speaks to no Unix socket.
 */
public final class AdminClient {
  private static final String HEAD_END = "\r\n\r\n";
  private static final String NOT_WEIR = "what answers there is not Weir";

  private final AdminAddress address;

  public AdminClient(AdminAddress address) {
    this.address = address;
  }

  /** What came back. */
  public record Answer(int status, Map<String, Object> json) {
    public Answer {
      json = Collections.unmodifiableMap(json);
    }

    /** A member's text, empty when it is not there. */
    public String text(String name) {
      return String.valueOf(json.getOrDefault(name, ""));
    }
  }

  public Answer get(String path) throws IOException {
    return exchange("GET " + path + " HTTP/1.0\r\nHost: localhost" + HEAD_END);
  }

  public Answer post(String path) throws IOException {
    return post(path, Map.of());
  }

  /** Posts an object. */
  public Answer post(String path, Map<String, ?> members) throws IOException {
    return change("POST", path, JSON.std.asString(members));
  }

  public Answer delete(String path) throws IOException {
    return change("DELETE", path, "{}");
  }

  private Answer change(String method, String path, String json) throws IOException {
    int length = json.getBytes(StandardCharsets.UTF_8).length;
    return exchange(
        method
            + " "
            + path
            + " HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
            + length
            + HEAD_END
            + json);
  }

  /** HTTP/1.0: the end of the answer is the end of the connection. */
  private Answer exchange(String request) throws IOException {
    try (SocketChannel channel = open()) {
      channel.connect(address.socketAddress());
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(request);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      byte[] answer = Channels.newInputStream(channel).readAllBytes();
      return parse(new String(answer, StandardCharsets.UTF_8));
    }
  }

  private SocketChannel open() throws IOException {
    return address instanceof AdminAddress.Unix
        ? SocketChannel.open(StandardProtocolFamily.UNIX)
        : SocketChannel.open();
  }

  private static Answer parse(String answer) throws IOException {
    int head = answer.indexOf(HEAD_END);
    if (head < 0 || !answer.matches("(?s)HTTP/1\\.[01] [1-5][0-9][0-9] .*")) {
      throw new IOException(NOT_WEIR);
    }
    int status = Integer.parseInt(answer.substring(9, 12));
    return new Answer(status, object(answer.substring(head + HEAD_END.length())));
  }

  /** Weir answers with an object, also when it refuses. */
  private static Map<String, Object> object(String body) throws IOException {
    try {
      Map<String, Object> members = JSON.std.mapFrom(body);
      if (members != null) {
        return members;
      }
    } catch (JsonProcessingException e) {
      throw new IOException(NOT_WEIR, e);
    }
    throw new IOException(NOT_WEIR);
  }
}

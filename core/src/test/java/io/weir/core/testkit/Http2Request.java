package io.weir.core.testkit;

import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A request as a backend of HTTP/2 got it: its fields in order, pseudo-fields and trailers too. */
public record Http2Request(int stream, List<Header> fields, byte[] body) {
  static Http2Request of(int stream, Http2Headers headers, byte[] body) {
    List<Header> fields = new ArrayList<>();
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      fields.add(new Header(field.getKey().toString(), field.getValue().toString()));
    }
    return new Http2Request(stream, fields, body);
  }

  /** The values of that name, in order. */
  public List<String> all(String name) {
    return fields.stream().filter(field -> field.name().equals(name)).map(Header::value).toList();
  }

  public String path() {
    return all(":path").getFirst();
  }

  public String text() {
    return new String(body, StandardCharsets.ISO_8859_1);
  }
}

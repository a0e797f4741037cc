package io.weir.daemon.admin;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The parts of the page that shows everything live; read from the jar when first asked for. */
@SuppressWarnings("ImmutableEnumChecker") // nobody writes to the content
enum Dashboard {
  PAGE("dashboard.html", "text/html; charset=utf-8"),
  STYLE("dashboard.css", "text/css; charset=utf-8"),
  SCRIPT("dashboard.js", "text/javascript; charset=utf-8");

  /** Nothing but our own three files and our own numbers, in no frame. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final String type;
  private final byte[] content;

  Dashboard(String file, String type) {
    this.type = type;
    try (InputStream in = Dashboard.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing from the jar");
      }
      content = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  FullHttpResponse response() {
    FullHttpResponse response =
        AdminResponses.bytes(HttpResponseStatus.OK, type, Unpooled.wrappedBuffer(content));
    response
        .headers()
        .set("content-security-policy", POLICY)
        .set("referrer-policy", "no-referrer")
        .set("cross-origin-resource-policy", "same-origin");
    return response;
  }
}

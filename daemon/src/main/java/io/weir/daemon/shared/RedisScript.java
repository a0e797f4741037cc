package io.weir.daemon.shared;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What is done in Redis in one step. */
enum RedisScript {
  HELLO,
  OWE,
  BAN,
  OFFER;

  private final String text;

  RedisScript() {
    String file = name().toLowerCase(Locale.ROOT) + ".lua";
    try (InputStream in = RedisScript.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing");
      }
      text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In Lua. */
  String text() {
    return text;
  }
}
